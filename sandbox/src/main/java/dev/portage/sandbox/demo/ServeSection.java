package dev.portage.sandbox.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What the team adds to promotion.yaml, so that the model is served: seconds in place of minutes.
 */
final class ServeSection {

  private static final String TEXT =
      """
      serve:                                    # the endpoint that is there already moves to each new version
        steps: [10, 50, 100]                    # percent of the traffic
        soak: 3s                                # how long each is watched; 10m where nothing is said
        watch: { for: 5m, every: 2s }           # after that, too: a broken limit goes back by itself
        cases:                                  # what any good version answers, more or less
          - request: { dataframe_records: [{ age: 59, sex: 2, bmi: 32.1, bp: 101, s1: 157, s2: 93.2, s3: 38, s4: 4, s5: 4.8598, s6: 87 }] }
            answer: { predictions: [150] }
            tolerance: 150
      """;

  private ServeSection() {}

  /**
   * Adds it.
   *
   * @param repository work tree of the example
   */
  static void add(Path repository) throws IOException {
    Files.writeString(repository.resolve("promotion.yaml"), TEXT, StandardOpenOption.APPEND);
  }
}
