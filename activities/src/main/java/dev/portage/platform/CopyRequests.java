package dev.portage.platform;

import dev.portage.copy.Verify;
import dev.portage.settings.CopyRequest;
import dev.portage.settings.CopySettings;
import dev.portage.settings.CopySettingsActivities;
import java.time.Duration;
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
    TypedNames names = new TypedNames(platform, "copy a version");
    Workspace from = names.workspace("--from", request.from());
    Workspace to = names.workspace("--to", request.to());
    if (from.name().equals(to.name())) {
      throw names.wrong(
          "--to names the same workspace as --from",
          "two of: " + String.join(", ", platform.names()));
    }
    String model = names.model(from, request.model());
    if (!to.allowsModel(model)) {
      throw names.wrong(
          "\"" + model + "\" is not a valid model name in workspace " + to.name(),
          to.modelsAllowed());
    }
    return new CopySettings(
        model,
        from.station(model),
        to.station(model),
        to.experiment(model),
        verify(names, platform, to, request.verify()),
        RETRY_TIMEOUT);
  }

  private static Verify verify(
      TypedNames names, Platform platform, Workspace to, @Nullable Verify asked) {
    if (to.demandsMoreThan(asked)) {
      throw names.wrong(
          "--verify is sizes, but the platform file demands full in workspace "
              + to.name()
              + " ("
              + platform.origin("workspaces." + to.name() + ".verify")
              + ")",
          "full");
    }
    return to.verifyAs(asked);
  }
}
