package dev.portage.sandbox.demo;

import dev.portage.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The change of the second commit: a model that is a little different and passes the gates. */
final class TrainingChange {

  private static final String BEFORE = "dbutils.widgets.text(\"alpha\", \"1.0\"";
  private static final String AFTER = "dbutils.widgets.text(\"alpha\", \"2.0\"";

  private TrainingChange() {}

  /**
   * Makes it.
   *
   * @param repository work tree of the example
   */
  static void apply(Path repository) throws IOException {
    Path training = repository.resolve("notebooks/train.py");
    String text = Files.readString(training);
    if (!text.contains(BEFORE)) {
      throw new SandboxException(training + " has no alpha of 1.0 to change");
    }
    Files.writeString(training, text.replace(BEFORE, AFTER));
  }
}
