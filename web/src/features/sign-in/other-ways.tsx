// Signing in by an account of another service, where the server is set up for it. One leaves the page for it and comes
// back signed in.
import { useLocation } from "wouter";
import { rememberedInvite } from "../../app/remembered.ts";
import { useSession } from "../../app/session.tsx";
import { t } from "../../i18n/words.ts";
import { SERVICES } from "./services.ts";

export function OtherWays() {
  const { server } = useSession();
  const [path] = useLocation();
  const services = SERVICES.filter((service) => server?.sign_in_with.includes(service.provider));
  if (services.length === 0) return null;
  return (
    <div className="other-ways">
      <p className="or">{t("sign-in.or")}</p>
      {services.map((service) => (
        <a key={service.provider} className="button plain" href={service.path + whereTo(path)}>
          {t("sign-in.with", { service: service.title })}
        </a>
      ))}
    </div>
  );
}

/** To the invite that one came by, which may also be needed to make an account, or to where one was going. */
function whereTo(path: string): string {
  const invite = rememberedInvite();
  if (invite) return `?${new URLSearchParams({ next: `/join/${invite}`, invite })}`;
  if (["/", "/login", "/register", "/setup"].includes(path)) return "";
  return `?${new URLSearchParams({ next: path })}`;
}
