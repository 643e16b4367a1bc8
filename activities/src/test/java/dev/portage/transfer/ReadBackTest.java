package dev.portage.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.candidate.ManifestFile;
import dev.portage.copy.CopyProgress.Phase;
import dev.portage.copy.Verify;
import dev.portage.failure.FailureKind;
import dev.portage.failure.Failures;
import dev.portage.failure.Problem;
import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.mlflow.MlflowPages;
import dev.portage.mlflow.MlflowServer;
import io.temporal.failure.ApplicationFailure;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Copied files are read back while others are still being copied. */
@Timeout(30)
class ReadBackTest {
  private static final int FILES = 200;

  @AutoClose private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  private final StoreInMemory source = new StoreInMemory();
  private final StoreInMemory target = new StoreInMemory();
  private final List<ManifestFile> files = new ArrayList<>();

  @BeforeEach
  void fill() {
    for (int i = 0; i < FILES; i++) {
      byte[] bytes = ("content of file " + i).getBytes(StandardCharsets.UTF_8);
      String path = "data/%03d.txt".formatted(i);
      source.small.put(path, bytes);
      PartDigests digests = new PartDigests(path, null);
      digests.update(bytes, bytes.length);
      files.add(digests.done());
    }
  }

  @Test
  @Tag("S1.07")
  void everyFileIsReadBackTheFirstBeforeTheLastIsSent() {
    List<Integer> thereThen = new ArrayList<>();
    target.beforeProbe = () -> thereThen.add(target.small.size());

    copy();

    assertThat(target.readPaths).containsAll(paths());
    assertThat(thereThen).singleElement().satisfies(there -> assertThat(there).isLessThan(FILES));
  }

  @Test
  void aServerThatIsBusyAtFirstIsRetriedAndNoFileIsSkipped() {
    AtomicBoolean asked = new AtomicBoolean();
    target.beforeProbe =
        () -> {
          if (!asked.getAndSet(true)) {
            // Until others get through, if the concurrency allows others; otherwise the copy ends.
            int enough = target.small.size() + 8;
            long until = System.nanoTime() + 1_000_000_000;
            while (target.small.size() < enough && System.nanoTime() < until) {
              Thread.onSpinWait();
            }
            throw Failures.of(
                Problem.of(FailureKind.PLATFORM, "look", "prod", "503: busy", "Later."), null, 503);
          }
        };

    try {
      copy();
    } catch (ApplicationFailure busy) {
      copy(); // As Temporal does when nothing got through.
    }

    assertThat(new HashSet<>(target.readPaths)).containsAll(paths()).hasSize(FILES);
    assertThat(target.small).hasSize(FILES);
  }

  private List<String> paths() {
    return files.stream().map(ManifestFile::path).toList();
  }

  private void copy() {
    MlflowServer server = server();
    TransferEnds ends = StoreInMemory.route(server, source, target, new StoreInMemory());
    new FileCopy(ends, Verify.FULL, new Flights(new Concurrency(4)), new Progress(Phase.SENDING))
        .carry(files, new Listed(target.list()), () -> {});
  }

  private MlflowServer server() {
    URI uri = URI.create("http://127.0.0.1:1");
    return new MlflowServer(http, uri, () -> "login", "prod", MlflowPages.ofMlflow(uri));
  }
}
