// The administrator's page: who is here, who may come, and what happened. Nobody else finds anything at this address.
import { type ReactNode, useState } from "react";
import { useMe } from "../../app/copy.ts";
import { useWindowTitle } from "../../app/title.ts";
import { t } from "../../i18n/words.ts";
import { BackLink } from "../../ui/back-link.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { Audit } from "./audit.tsx";
import { People } from "./people.tsx";
import { Registration } from "./registration.tsx";
import "./administration.css";

/** `nothing`: what stands at addresses where nothing is. */
export function Administration({ nothing }: { nothing: ReactNode }) {
  const me = useMe();
  return me.role === "administrator" ? <Page /> : nothing;
}

type Tab = "people" | "registration" | "audit";

function Page() {
  useWindowTitle(t("administration.title"));
  const [tab, setTab] = useState<Tab>("people");
  return (
    <>
      <header className="top">
        <BackLink href="/settings" label={t("administration.back")} />
        <div className="top-text">
          <h1>{t("administration.title")}</h1>
        </div>
      </header>
      <div className="administration">
        <div className="administration-page">
          <Tabs
            label={t("administration.parts")}
            value={tab}
            onChange={setTab}
            tabs={[
              { value: "people", label: t("administration.people") },
              { value: "registration", label: t("administration.registration-tab") },
              { value: "audit", label: t("administration.audit") },
            ]}
          >
            {tab === "people" && <People />}
            {tab === "registration" && <Registration />}
            {tab === "audit" && <Audit />}
          </Tabs>
        </div>
      </div>
    </>
  );
}
