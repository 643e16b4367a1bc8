package dev.portage.databricks;

import dev.portage.failure.FailureKind;
import dev.portage.http.HttpAnswer;
import dev.portage.job.WheelNeeds;
import dev.portage.preflight.Finding;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether the wheels that a promotion runs exist and have the entry points it names. Wheels in
 * cloud storage are not inspected: a cluster reads them with rights that Portage doesn't have.
 */
final class WheelLook {
  /** A longer one is not read: it takes longer than anyone in front of a terminal waits. */
  private static final long LONGEST = 8L * 1024 * 1024;

  private final DatabricksApi api;
  private final Me login;

  WheelLook(DatabricksApi api, Me login) {
    this.api = api;
    this.login = login;
  }

  List<Finding> look(List<WheelNeeds> needs) {
    List<Finding> findings = new ArrayList<>();
    for (WheelNeeds need : needs) {
      if (need.path().startsWith("/Volumes/")) {
        findings.add(ofVolume(need));
      } else if (need.path().startsWith("/Workspace/")) {
        findings.add(ofWorkspace(need));
      }
    }
    return findings;
  }

  private Finding ofVolume(WheelNeeds need) {
    String file = "/api/2.0/fs/files" + DatabricksApi.escaped(need.path()).replace("%2F", "/");
    HttpAnswer there = api.probe("look for wheel " + need.path(), "HEAD", file, null);
    if (!there.isSuccess()) {
      String[] parts = need.path().split("/", 6);
      String volume = String.join(".", List.of(parts).subList(2, Math.min(5, parts.length)));
      return refused(
          need,
          there,
          "GRANT READ VOLUME ON VOLUME "
              + volume
              + " TO `"
              + (login.user() == null ? "<user>" : login.user())
              + "`");
    }
    return contents(need, file);
  }

  private Finding ofWorkspace(WheelNeeds need) {
    String query = "?path=" + DatabricksApi.escaped(need.path());
    HttpAnswer there =
        api.probe(
            "look for wheel " + need.path(), "GET", "/api/2.0/workspace/get-status" + query, null);
    if (!there.isSuccess()) {
      return refused(need, there, "CAN_READ on that file or its folder");
    }
    return contents(
        need, "/api/2.0/workspace/export" + query + "&format=AUTO&direct_download=true");
  }

  private Finding contents(WheelNeeds need, String file) {
    Optional<byte[]> wheel = api.bytes("read wheel " + need.path(), file, LONGEST);
    if (wheel.isEmpty()) {
      return Finding.ok(where(), what(need), "exists, but is too large to inspect");
    }
    WheelContents contents;
    try {
      contents = WheelContents.read(wheel.get(), need.pack());
    } catch (IOException e) {
      return Finding.failed(
          where(),
          what(need),
          "it is not a wheel: " + e.getMessage(),
          "Build and upload it again.");
    }
    if (!contents.mayHave(need.entryPoint())) {
      return Finding.failed(
          where(),
          what(need),
          "it has neither an entry point "
              + need.entryPoint()
              + " nor a function of that name in package "
              + need.pack()
              + "; its entry points: "
              + (contents.entryPoints().isEmpty()
                  ? "none"
                  : String.join(", ", contents.entryPoints())),
          "Correct " + need.step() + ".wheel.entry-point in promotion.yaml, or the package.");
    }
    return Finding.ok(where(), what(need), "exists, with " + need.entryPoint());
  }

  private Finding refused(WheelNeeds need, HttpAnswer answer, String grant) {
    if (answer.status() == 404 || DatabricksErrors.isNotThere(answer)) {
      return Finding.failed(
          where(),
          what(need),
          "there is no such file",
          "Upload the wheel before the promotion starts, or correct "
              + need.step()
              + ".wheel.file in promotion.yaml.");
    }
    if (DatabricksErrors.isForbidden(answer)) {
      return Finding.failed(
          where(),
          what(need),
          login.name() + " may not read it: " + RightProbes.said(answer),
          "Someone who manages it can grant: " + grant);
    }
    ApplicationFailure failure = RightProbes.failure(api, "look for wheel " + need.path(), answer);
    if (failure.getType().equals(FailureKind.PLATFORM.type())) {
      throw failure;
    }
    return Finding.failed(where(), what(need), failure);
  }

  private static String what(WheelNeeds need) {
    return need.step() + ": wheel " + need.path();
  }

  private String where() {
    return api.workspace().where();
  }
}
