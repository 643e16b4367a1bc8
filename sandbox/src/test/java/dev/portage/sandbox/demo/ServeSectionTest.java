package dev.portage.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.document.Reading;
import dev.portage.sandbox.SandboxCommand;
import dev.portage.settings.PromotionFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the demo adds to the example's file is read as any other. */
class ServeSectionTest {

  @Test
  void theExampleIsServedByIt(@TempDir Path folder) throws IOException {
    Path example = SandboxCommand.root().resolve("examples/diabetes/promotion.yaml");
    Path file = folder.resolve("promotion.yaml");
    Files.copy(example, file);

    ServeSection.add(folder);

    assertThat(PromotionFile.read("promotion.yaml", Files.readString(file)))
        .isInstanceOf(Reading.Good.class);
  }
}
