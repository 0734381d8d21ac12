// The link that the server prints makes the administrator, once, and nobody becomes one by coming first.
import assert from "node:assert/strict";
import { story } from "../lib/story.mjs";
import { until } from "../lib/until.mjs";

story("the printed link makes the administrator once, and then says that it did", async ({ server, person }) => {
  const early = await person("early", { name: "Early Bird" });
  const admin = await person("ada", { name: "Ada Keeper" });
  const late = await person("late", { name: "Late Comer" });
  await early.joinsQuietly();
  const link = await until("the server printed the link", () => server.setupLink);

  await admin.goes(link);
  await admin.fillsAccount();
  await admin.page.getByRole("button", { name: "Start" }).click();
  await admin.isIn("General");
  await admin.goes("/settings");
  await admin.page.getByRole("button", { name: "Open the administration" }).waitFor();

  // The code is spent: in the page that says so, nothing that was typed is lost.
  late.complaints.allow(/the console: .* 4\d\d .*\/api\/v1\/setup$/);
  await late.goes(link);
  await late.fillsAccount();
  await late.page.getByRole("button", { name: "Start" }).click();
  await late.page.getByRole("alert").filter({ hasText: "The administrator's account was made already" }).waitFor();
  assert.equal(await late.page.getByRole("textbox", { name: "Username" }).inputValue(), "late");

  // Who came first is somebody like everybody else.
  await early.goes("/settings");
  await early.page.getByRole("heading", { name: "Profile" }).waitFor();
  assert.equal(await early.page.getByRole("button", { name: "Open the administration" }).count(), 0);

  // Another start prints no other link.
  for (const somebody of [early, admin, late]) somebody.complaints.allowOutage();
  await server.kill();
  await server.start();
  await admin.goes("/");
  await admin.isLive();
  assert.equal(server.setupLink, null);
});

story("an administrator closes the door for new accounts, and the sign-up page says so", async ({ server, person }) => {
  const admin = await person("ada", { name: "Ada Keeper" });
  const visitor = await person("visitor");
  await admin.goes(await until("the server printed the link", () => server.setupLink));
  await admin.fillsAccount();
  await admin.page.getByRole("button", { name: "Start" }).click();
  await admin.isIn("General");
  const link = await admin.makesRoom("By invitation");
  await admin.page.getByRole("link", { name: "Settings" }).click();
  await admin.page.getByRole("button", { name: "Open the administration" }).click();
  await admin.page.getByRole("tab", { name: "Registration" }).click();
  const choice = admin.page.getByRole("group", { name: "Who may sign up" });

  await choice.getByText("Nobody").click();
  await admin.page.getByRole("status").filter({ hasText: "Saved." }).waitFor();
  await visitor.goes("/register");
  await visitor.page.getByRole("heading", { name: "Nobody can sign up at the moment" }).waitFor();

  await choice.getByText("Who has an invite").click();
  await until("the choice is taken", () => choice.getByRole("radio", { name: "Who has an invite" }).isChecked());
  await until("the server knows", async () => (await admin.calls("GET", "/server")).registration === "invite");
  await visitor.goes("/register");
  await visitor.page.getByRole("heading", { name: "You need an invite" }).waitFor();

  // By the link of a room one signs up, and has asked to join that room.
  await visitor.goes(link);
  await visitor.page.getByRole("link", { name: "Create an account" }).click();
  await visitor.fillsAccount();
  await visitor.page.getByRole("button", { name: "Create account" }).click();
  await visitor.page.getByText("Waiting for approval").waitFor();
  await admin.row("By invitation").filter({ hasText: "1 asking to join" }).waitFor();
});
