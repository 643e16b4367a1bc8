package dev.portage.sandbox.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.document.Reading;
import dev.portage.sandbox.SandboxException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People may change a sandbox's platform file. */
class SandboxPlatformTest {
  private static final URI DEV = URI.create("http://127.0.0.1:20001");
  private static final URI PROD = URI.create("http://127.0.0.1:20002");
  private static final URI DEV_PAGES = URI.create("http://127.0.0.1:20003");
  private static final URI PROD_PAGES = URI.create("http://127.0.0.1:20004");

  @TempDir Path folder;
  private final List<String> told = new ArrayList<>();
  private Path file = Path.of("");
  private SandboxPlatform platform = new SandboxPlatform(Path.of(""));

  @BeforeEach
  void start() throws IOException {
    file = folder.resolve("portage.yaml");
    platform = new SandboxPlatform(file);
    platform.prepare(text(), Map.of(), told::add);
  }

  private static String text() {
    Map<String, URI> hosts = new LinkedHashMap<>();
    hosts.put("dev", DEV);
    hosts.put("prod", PROD);
    return PlatformFileText.of(hosts, Map.of("dev", DEV_PAGES, "prod", PROD_PAGES));
  }

  @Test
  void theFirstOneIsValidAndNamesTheWorkspaces() {
    assertThat(platform.read().faults()).isEmpty();
    assertThat(names()).isEqualTo(Map.of("dev", List.of("dev"), "prod", List.of("prod")));
    assertThat(told).isEmpty();
  }

  @Test
  @Tag("S3.25")
  void whatAPersonHasChangedIsNeverOverwritten() throws IOException {
    String changed = Files.readString(file).replace("ben@example.com", "me@example.com");
    Files.writeString(file, changed);

    platform.prepare(text(), Map.of(), told::add);

    assertThat(file).hasContent(changed);
  }

  @Test
  void onlyAddressesThatHadToChangeAreReplacedTogether() throws IOException {
    String mine = "# mine: http://127.0.0.1:200011 is not 20001\n";
    Files.writeString(file, mine + Files.readString(file));
    // One of them got the other's former port.
    Map<String, String> moved =
        Map.of(DEV.toString(), PROD.toString(), PROD.toString(), "http://127.0.0.1:20009");

    platform.prepare(text(), moved, told::add);

    assertThat(Files.readString(file))
        .isEqualTo(
            mine
                + text()
                    .replace("host: " + PROD, "host: http://127.0.0.1:20009")
                    .replace("host: " + DEV, "host: " + PROD));
    assertThat(told).hasSize(2).allMatch(line -> line.startsWith(file + ": http://127.0.0.1:"));
  }

  @Test
  void workspacesMayHaveOtherNames() throws IOException {
    Files.writeString(
        file,
        Files.readString(file)
            .replace("  dev:", "  lab:")
            .replace("  prod:", "  live:")
            .replace(PROD.toString(), "http://localhost:20002/"));

    assertThat(platform.read().faults()).isEmpty();
    assertThat(names()).isEqualTo(Map.of("dev", List.of("lab"), "prod", List.of("live")));
  }

  @Test
  void aMistakeIsReportedWithFileAndLine() throws IOException {
    Files.writeString(file, Files.readString(file).replace("identity:", "identitty:"));

    assertThat(platform.read().faults())
        .singleElement()
        .asString()
        .startsWith(file + ":")
        .contains("unknown key \"identitty\"");
  }

  @Test
  void aMistakeIsRefusedWithALineForItAndAFileThatIsYetToBeWrittenIsNot() throws IOException {
    platform.refuseMistakes();
    Files.writeString(file, Files.readString(file).replace("identity:", "identitty:"));

    assertThatThrownBy(platform::refuseMistakes)
        .isInstanceOf(SandboxException.class)
        .hasMessageStartingWith("the platform file is wrong:\n  " + file + ":")
        .hasMessageEndingWith("\nCorrect it, or delete it and the sandbox writes a new one.");

    Files.delete(file);
    platform.refuseMistakes();
  }

  private Map<String, List<String>> names() {
    if (platform.read() instanceof Reading.Good<Map<String, URI>>(Map<String, URI> good)) {
      Map<String, List<URI>> addresses = new LinkedHashMap<>();
      addresses.put("dev", List.of(DEV, DEV_PAGES));
      addresses.put("prod", List.of(PROD, PROD_PAGES));
      return SandboxPlatform.names(good, addresses);
    }
    throw new AssertionError(platform.read().faults());
  }
}
