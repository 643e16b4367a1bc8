package dev.portage.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkerSettingsTest {

  @Test
  void omittedSettingsHaveDefaults() {
    WorkerSettings settings = WorkerSettings.of(Map.of());

    assertThat(settings.platformFile()).isEqualTo(Path.of("portage.yaml"));
    assertThat(settings.workspaces()).isEmpty();
    assertThat(settings.bind()).isEqualTo(InetAddress.getLoopbackAddress());
    assertThat(settings.port()).isZero();
    assertThat(settings.stopTimeout()).isEqualTo(Duration.ofSeconds(25));
    assertThat(settings.caFile()).isNull();
  }

  @Test
  void givenSettingsCount() throws Exception {
    WorkerSettings settings =
        WorkerSettings.of(
                Map.of("PORTAGE_PLATFORM", "/etc/portage.yaml", "PORTAGE_CA_FILE", "/etc/ca.pem"))
            .withWorkspaces(List.of("prod"))
            .withAddress(InetAddress.getByName("0.0.0.0"), 9090)
            .withStopTimeout(Duration.ofSeconds(1));

    assertThat(settings.platformFile()).isEqualTo(Path.of("/etc/portage.yaml"));
    assertThat(settings.withPlatformFile(Path.of("other.yaml")).platformFile())
        .isEqualTo(Path.of("other.yaml"));
    assertThat(settings.workspaces()).containsExactly("prod");
    assertThat(settings.bind().getHostAddress()).isEqualTo("0.0.0.0");
    assertThat(settings.port()).isEqualTo(9090);
    assertThat(settings.stopTimeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(settings.caFile()).isEqualTo(Path.of("/etc/ca.pem"));
  }

  @Test
  void anInvalidPortIsRefused() {
    assertThatThrownBy(
            () -> WorkerSettings.of(Map.of()).withAddress(InetAddress.getLoopbackAddress(), 70_000))
        .hasMessage("port 70000; allowed: 0 to 65535, 0 for a free one");
  }
}
