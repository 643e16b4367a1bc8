package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The newcomers' page, run command by command, except for the build. */
class FirstHourIT {

  @Test
  @Tag("S0.13")
  @Tag("S3.27")
  @Tag("S4.07")
  void everyCommandOfThePageWorksFromAnEmptyFolderToARelease(@TempDir Path folder)
      throws IOException, InterruptedException {
    // Installs once what the sandbox would otherwise install first.
    assertThat(RealServers.keeper()).isNotNull();
    Path said = folder.resolve("said.txt");
    ProcessBuilder builder =
        new ProcessBuilder(
                RealServers.root().resolve("build/first-hour").toString(),
                folder.resolve("work").toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .redirectInput(new File("/dev/null"));
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("TEMPORAL_") || name.startsWith("GIT_"));
    builder
        .environment()
        .put("PORTAGE_CLASSPATH", Objects.requireNonNull(System.getProperty("java.class.path")));
    builder
        .environment()
        .put("PORTAGE_JAVA_HOME", Objects.requireNonNull(System.getProperty("java.home")));
    // Commands of a second and workers of minutes: the optimizing compiler would not pay.
    builder.environment().put("PORTAGE_JAVA_OPTS", "-XX:TieredStopAtLevel=1");
    Process played = builder.start();
    try {
      assertThat(played.waitFor(20, TimeUnit.MINUTES)).as(() -> read(said)).isTrue();
      assertThat(played.exitValue()).as(() -> read(said)).isZero();
    } finally {
      played.destroy();
      played.waitFor(30, TimeUnit.SECONDS);
    }
    assertThat(read(said))
        .contains("RELEASED")
        .contains("a worker answered")
        .contains("both measured on the same data by notebooks/evaluate.py")
        .contains("schedule.quartz_cron_expression", "nothing → 0 0 6 * * ?")
        .contains("model tenure");
  }

  private static String read(Path said) {
    try {
      return Files.readString(said);
    } catch (IOException e) {
      return "nothing: " + e.getMessage();
    }
  }
}
