package dev.portage.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The line that the sandbox prints, typed into the shells that people have. */
class PathLineTest {

  /** What a folder's name may hold, and means something in one shell or the other. */
  private static final List<String> FOLDERS =
      List.of("plain", "with blanks", "$HOME`x`", "it's", "a\"b", "back\\slash", "way!", "(ü)");

  @ParameterizedTest
  @ValueSource(strings = {"sh", "bash", "zsh", "fish"})
  void putsTheCommandOnThePathOfEveryShell(String shell, @TempDir Path folder)
      throws IOException, InterruptedException {
    assumeThat(isThere(shell)).as(shell + " is installed").isTrue();
    for (String name : FOLDERS) {
      Path clone = Files.createDirectory(folder.resolve(name));
      Path portage = Files.writeString(clone.resolve("portage"), "#!/bin/sh\necho it works\n");
      assertThat(portage.toFile().setExecutable(true)).isTrue();

      assertThat(typed(shell, SandboxPage.pathLine(clone), folder))
          .as(shell + " in " + name)
          .isEqualTo("it works");
    }
  }

  /** What comes of it: the command is found, and so is what was on the path before. */
  private static String typed(String shell, String line, Path home)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(shell, "-c", line + "\nportage && ls / > /dev/null")
            .redirectErrorStream(true)
            .redirectInput(new File("/dev/null"));
    builder.environment().put("HOME", home.toString());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said.strip();
  }

  private static boolean isThere(String shell) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, shell)));
  }
}
