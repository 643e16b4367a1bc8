package dev.portage.platform;

import dev.portage.copy.Verify;
import dev.portage.document.Nearest;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.settings.CopyRequest;
import dev.portage.settings.CopySettings;
import dev.portage.settings.CopySettingsActivities;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Resolves a request to copy one version with the platform file. */
public final class CopyRequests implements CopySettingsActivities {

  private static final Duration RETRY_TIMEOUT = Duration.ofHours(1);

  private final PlatformSource source;

  /** Reads this platform file anew for each call. */
  public CopyRequests(PlatformSource source) {
    this.source = source;
  }

  @Override
  public CopySettings copySettings(CopyRequest request) {
    Platform platform = source.platform();
    Workspace from = workspace(platform, "--from", request.from());
    Workspace to = workspace(platform, "--to", request.to());
    if (from.name().equals(to.name())) {
      throw wrong(
          platform,
          "--to names the same workspace as --from",
          "two of: " + String.join(", ", platform.names()));
    }
    String model = model(platform, from, to, request.model());
    return new CopySettings(
        model,
        from.station(model),
        to.station(model),
        to.experiment(model),
        verify(platform, to, request.verify()),
        RETRY_TIMEOUT);
  }

  private static Workspace workspace(Platform platform, String option, String name) {
    return platform
        .workspace(name)
        .orElseThrow(() -> {
          String question = Nearest.question(name, platform.names());
          return wrong(
              platform,
              option
                  + " names workspace \""
                  + name
                  + "\", which is not in "
                  + platform.fileName()
                  + (question == null ? "" : "; " + question),
              String.join(", ", platform.names()));
        });
  }

  /** What {@code {model}} stands for in a full name; a short name stands for itself. */
  private static String model(Platform platform, Workspace from, Workspace to, String name) {
    String[] around = from.models().split(Pattern.quote("{model}"), -1);
    Matcher full =
        Pattern.compile(
                Pattern.quote(around[0])
                    + "(?<model>.+)"
                    + Pattern.quote(around[around.length - 1]),
                from.hasUnityCatalog() ? Pattern.CASE_INSENSITIVE : 0)
            .matcher(name);
    String model = full.matches() ? String.valueOf(full.group("model")) : name;
    if (!from.allowsModel(model)) {
      throw wrong(
          platform,
          "model \"" + name + "\" is not a model of workspace " + from.name(),
          from.models() + ", as " + from.model("churn") + ", or just churn");
    }
    if (!to.allowsModel(model)) {
      throw wrong(
          platform,
          "\"" + model + "\" is not a valid model name in workspace " + to.name(),
          to.modelsAllowed());
    }
    return model;
  }

  private static Verify verify(Platform platform, Workspace to, @Nullable Verify asked) {
    if (to.demandsMoreThan(asked)) {
      throw wrong(
          platform,
          "--verify is sizes, but the platform file demands full in workspace "
              + to.name()
              + " ("
              + platform.origin("workspaces." + to.name() + ".verify")
              + ")",
          "full");
    }
    return to.verifyAs(asked);
  }

  private static ApplicationFailure wrong(Platform platform, String what, String allowed) {
    return Failures.of(
        Problem.of(
            FailureKind.USER,
            "copy a version",
            platform.fileName(),
            what + "; allowed: " + allowed,
            "Nothing was changed; correct the command."));
  }
}
