package dev.portage.sandbox.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortsTest {
  @TempDir Path folder;

  @Test
  void portsStayTheSameFromStartToStartAndOnlyATakenOneChanges() throws IOException {
    Path file = folder.resolve("ports.properties");
    Map<String, Integer> first = Ports.take(file, List.of("a", "b"), Duration.ZERO);
    assertThat(Ports.take(file, List.of("a", "b"), Duration.ZERO)).isEqualTo(first);

    try (ServerSocket taken =
        new ServerSocket(first.getOrDefault("a", 0), 1, InetAddress.getLoopbackAddress())) {
      Map<String, Integer> second = Ports.take(file, List.of("a", "b"), Duration.ZERO);

      assertThat(second.get("a")).isNotEqualTo(taken.getLocalPort());
      assertThat(second.get("b")).isEqualTo(first.get("b"));
      assertThat(Ports.known(file)).isEqualTo(second);
    }
  }

  @Test
  void aServerThatIsStillEndingIsWaitedFor() throws Exception {
    Path file = folder.resolve("ports.properties");
    Map<String, Integer> first = Ports.take(file, List.of("a"), Duration.ZERO);
    ServerSocket ending =
        new ServerSocket(first.getOrDefault("a", 0), 1, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(() -> {
          try {
            Thread.sleep(Duration.ofMillis(300));
            ending.close();
          } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
          }
        });

    assertThat(Ports.take(file, List.of("a"), Duration.ofSeconds(20))).isEqualTo(first);
  }

  /**
   * At any moment the system may give one of the others to any process, for an outgoing connection.
   */
  @Test
  void portsAreOutsideTheEphemeralRange() throws IOException {
    Map<String, Integer> ports =
        Ports.take(folder.resolve("ports.properties"), List.of("a", "b", "c"), Duration.ZERO);

    assertThat(ports.values()).doesNotHaveDuplicates().allMatch(port -> port < 32_768);
  }

  @Test
  void aDamagedFileIsIgnored() throws IOException {
    Path file = folder.resolve("ports.properties");
    Files.writeString(file, "a=\\u12\nb=many\n");

    assertThat(Ports.take(file, List.of("a", "b"), Duration.ZERO)).hasSize(2);
  }
}
