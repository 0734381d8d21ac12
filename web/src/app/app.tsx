// Which page is shown: by who is there and by the address.
import { useEffect } from "react";
import { Redirect, Route, Switch, useRoute } from "wouter";
import { Card } from "../features/sign-in/card.tsx";
import { t, useLanguage } from "../i18n/words.ts";
import { Boundary } from "../ui/boundary.tsx";
import { Button } from "../ui/button.tsx";
import { LiveRegion } from "../ui/live.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { Tips } from "../ui/tips.tsx";
import { Toasts } from "../ui/toasts.tsx";
import { ConfirmProvider } from "./confirm.tsx";
import { laterPage } from "./later.tsx";
import { SessionProvider, useSession } from "./session.tsx";
import { Shell } from "./shell.tsx";
import { loadNewest } from "./worker.ts";

const Join = laterPage(() => import("../features/join/join.tsx").then((part) => part.Join));
const SetUp = laterPage(() => import("../features/sign-in/set-up.tsx").then((part) => part.SetUp));
const SignIn = laterPage(() => import("../features/sign-in/sign-in.tsx").then((part) => part.SignIn));
const SignUp = laterPage(() => import("../features/sign-in/sign-up.tsx").then((part) => part.SignUp));

export function App() {
  // Everything below is drawn again in another language, and keeps its state.
  useLanguage();
  return (
    <Boundary fallback={<Broken />}>
      <SessionProvider>
        <ConfirmProvider>
          <Page />
        </ConfirmProvider>
        <LiveRegion />
        <Tips />
        <Toasts />
      </SessionProvider>
    </Boundary>
  );
}

function Broken() {
  return (
    // Loading it again may show the same again; the plain pages are drawn by the server.
    <Card title={t("app.broken")} foot={<a href="/lite/">{t("app.plain-pages")}</a>}>
      <p className="card-text">{t("app.broken-text")}</p>
      <Button look="strong" onClick={loadNewest}>
        {t("app.reload")}
      </Button>
    </Card>
  );
}

function Page() {
  const { session, retry } = useSession();
  switch (session.state) {
    case "starting":
      return <Starting />;
    case "failed":
      return (
        <Card title={t("app.unreachable")}>
          <p className="card-text">{t("app.unreachable-text")}</p>
          <Button look="strong" onClick={retry}>
            {t("app.try-again")}
          </Button>
        </Card>
      );
    case "signed_out":
      return <Outside />;
    case "signed_in":
      return (
        <Switch>
          <Route path="/login">
            <Redirect to="/" replace />
          </Route>
          <Route path="/register">
            <Redirect to="/" replace />
          </Route>
          <Route path="/setup">
            <Redirect to="/" replace />
          </Route>
          {/* Where other chat apps, whose people come here too, have their chat. */}
          <Route path="/chat">
            <Redirect to="/" replace />
          </Route>
          <Route path="/join/:code">{({ code }) => <Join code={code} />}</Route>
          <Route>
            <Shell />
          </Route>
        </Switch>
      );
  }
}

/** Any other address asks to sign in and stays as it is, so that one arrives where one was going. */
function Outside() {
  const [isSignUp] = useRoute("/register");
  const title = t(isSignUp ? "sign-in.new-account" : "sign-in.title");
  useEffect(() => {
    document.title = `${title} · Parlor`;
  }, [title]);
  return (
    <Switch>
      <Route path="/register" component={SignUp} />
      <Route path="/setup" component={SetUp} />
      <Route path="/join/:code">{({ code }) => <Join code={code} />}</Route>
      <Route component={SignIn} />
    </Switch>
  );
}

function Starting() {
  return (
    <main className="outside">
      <Skeleton label={t("app.starting")} rows={3} />
    </main>
  );
}
