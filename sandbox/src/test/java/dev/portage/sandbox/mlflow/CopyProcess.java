package dev.portage.sandbox.mlflow;

import dev.portage.copy.CopyOrder;
import dev.portage.http.OutboundHttp;
import dev.portage.store.tracking.ArtifactStores;
import dev.portage.temporal.Payloads;
import dev.portage.transfer.Transfer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

/** One copy in a process that may be killed; prints its progress, a line per heartbeat. */
final class CopyProcess {
  private CopyProcess() {}

  /**
   * Arguments: both servers, a file with the request, milliseconds between heartbeats, transfers at
   * once.
   */
  public static void main(String[] arguments) throws IOException {
    CopyOrder order =
        Payloads.mapper().readValue(Files.readString(Path.of(arguments[2])), CopyOrder.class);
    try (OutboundHttp http = RealModels.http()) {
      new Transfer(
              RealModels.servers(http, URI.create(arguments[0]), URI.create(arguments[1])),
              ArtifactStores.standard(),
              () ->
                  progress ->
                      System.out.println(progress.phase() + " " + progress.bytesDone() + " bytes"),
              Duration.ofMillis(Long.parseLong(arguments[3])),
              Integer.parseInt(arguments[4]),
              Clock.systemUTC())
          .copy(order);
    }
  }
}
