package dev.portage.sandbox.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portage.sandbox.RealServers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.mlflow.tracking.MlflowClient;

@ExtendWith(RealServers.class)
@Execution(ExecutionMode.CONCURRENT)
class MlflowServerProcessIT {
  @TempDir Path folder;

  @Test
  void bothServersAreTheVersionThatTheLockNames() throws Exception {
    assertThat(get(RealServers.mlflow("dev").resolve("/version"))).isEqualTo("3.17.2");
    assertThat(get(RealServers.mlflow("prod").resolve("/version"))).isEqualTo("3.17.2");
  }

  @Test
  void theTwoServersAreIndependent() {
    try (MlflowClient dev = new MlflowClient(RealServers.mlflow("dev").toString());
        MlflowClient prod = new MlflowClient(RealServers.mlflow("prod").toString())) {
      dev.createExperiment("apart");

      assertThat(dev.getExperimentByName("apart")).isPresent();
      assertThat(prod.getExperimentByName("apart")).isEmpty();
    }
  }

  @Test
  void aTakenPortIsNamed() throws Exception {
    try (ServerSocket taken =
        new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      assertThatThrownBy(() ->
              MlflowServerProcess.start(
                  RealServers.keeper(), "dev", folder, taken.getLocalPort(), folder.resolve("log")))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("port " + taken.getLocalPort())
          .hasMessageContaining("address already in use");
    }
  }

  private static String get(URI uri) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
