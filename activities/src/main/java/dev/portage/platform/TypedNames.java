package dev.portage.platform;

import dev.portage.document.Nearest;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import io.temporal.failure.ApplicationFailure;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of workspaces and models as someone typed them, found in the platform file. */
final class TypedNames {

  private final Platform platform;
  private final String tried;

  /**
   * Finds them in a file.
   *
   * @param tried what they were typed for, such as "copy a version"
   */
  TypedNames(Platform platform, String tried) {
    this.platform = platform;
    this.tried = tried;
  }

  /**
   * The workspace of that name.
   *
   * @param option what was typed before it, such as "--from"
   * @throws ApplicationFailure a user error that lists the file's workspaces
   */
  Workspace workspace(String option, String name) {
    return platform
        .workspace(name)
        .orElseThrow(() -> {
          String question = Nearest.question(name, platform.names());
          return wrong(
              option
                  + " names workspace \""
                  + name
                  + "\", which is not in "
                  + platform.fileName()
                  + (question == null ? "" : "; " + question),
              String.join(", ", platform.names()));
        });
  }

  /**
   * What {@code {model}} stands for in a full name; a short name stands for itself.
   *
   * @param workspace whose registry has the model
   * @throws ApplicationFailure a user error when its registry takes no such name
   */
  String model(Workspace workspace, String name) {
    String[] around = workspace.models().split(Pattern.quote("{model}"), -1);
    Matcher full =
        Pattern.compile(
                Pattern.quote(around[0])
                    + "(?<model>.+)"
                    + Pattern.quote(around[around.length - 1]),
                workspace.hasUnityCatalog() ? Pattern.CASE_INSENSITIVE : 0)
            .matcher(name);
    String model = full.matches() ? String.valueOf(full.group("model")) : name;
    if (!workspace.allowsModel(model)) {
      throw wrong(
          "model \"" + name + "\" is not a model of workspace " + workspace.name(),
          workspace.models() + ", as " + workspace.model("churn") + ", or just churn");
    }
    return model;
  }

  /** A user error about what was typed. */
  ApplicationFailure wrong(String what, String allowed) {
    return Failures.of(
        Problem.of(
            FailureKind.USER,
            tried,
            platform.fileName(),
            what + "; allowed: " + allowed,
            "Nothing was changed; correct the command."));
  }
}
