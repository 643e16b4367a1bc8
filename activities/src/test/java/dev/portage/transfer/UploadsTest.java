package dev.portage.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.mlflow.MlflowPages;
import dev.portage.mlflow.MlflowServer;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What is recorded about uploads in progress, and what that costs. */
class UploadsTest {
  private static final long SIZE = 1L << 40;
  private static final long PART = 1L << 26;
  private static final int PARTS = (int) (SIZE / PART);

  /** As long as any store's ETags. */
  private static final String TAG = "\"" + "0123456789abcdef".repeat(4) + "\"";

  @AutoClose private final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  private final StoreInMemory store = new StoreInMemory();
  private final MlflowServer server =
      new MlflowServer(
          http,
          URI.create("http://127.0.0.1:1"),
          () -> "login",
          "prod",
          MlflowPages.ofMlflow(URI.create("http://127.0.0.1:1")));

  @Test
  void theLastOfSixteenThousandPartsCostsNoMoreThanTheFirst() {
    Uploads uploads = uploads();
    SentParts parts = uploads.begin("weights.bin", SIZE, PART, "token");
    int before = store.writtenSizes.size();

    IntStream.rangeClosed(1, PARTS).forEach(number -> parts.add(number, TAG));

    List<Integer> sizes = store.writtenSizes.subList(before, store.writtenSizes.size());
    assertThat(sizes).as("one request a part").hasSize(PARTS);
    assertThat(sizes).as("bytes of each").allMatch(size -> size < 16 * 1024);
    assertThat(sum(sizes.subList(PARTS - SentParts.BLOCK, PARTS)))
        .as("bytes of the last block, against the first; the numbers alone are longer")
        .isLessThan(sum(sizes.subList(0, SentParts.BLOCK)) * 11 / 10);
  }

  @Test
  void theNextAttemptKnowsAllParts() {
    Uploads uploads = uploads();
    SentParts parts = uploads.begin("weights.bin", SIZE, PART, "token");
    IntStream.rangeClosed(1, 200).forEach(number -> parts.add(number, "tag " + number));

    Uploads.Known known = uploads().find("weights.bin", SIZE, PART).orElseThrow();

    assertThat(known.token()).isEqualTo("token");
    assertThat(known.parts().count()).isEqualTo(200);
    assertThat(known.parts().tags()).isEqualTo(parts.tags()).containsEntry(200, "tag 200");
  }

  @Test
  void partsOfAnEarlierUploadDoNotCount() {
    Uploads uploads = uploads();
    SentParts earlier = uploads.begin("weights.bin", SIZE, PART, "token");
    earlier.add(1, "tag of the first beginning");
    SentParts parts = uploads.begin("weights.bin", SIZE, PART, "token");
    parts.add(2, "tag 2");
    earlier.add(3, "late");

    Uploads.Known known = uploads().find("weights.bin", SIZE, PART).orElseThrow();

    assertThat(known.parts().tags()).containsOnlyKeys(2);
    uploads.end("weights.bin");
    assertThat(store.small).isEmpty();
  }

  @Test
  void partsThatFinishDuringAWriteAreWrittenTogether() throws InterruptedException {
    SentParts parts = uploads().begin("weights.bin", SIZE, PART, "token");
    int before = store.writtenSizes.size();
    CountDownLatch writing = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    store.beforeWrite =
        () -> {
          writing.countDown();
          await(goOn);
        };
    List<Thread> first = List.of(Thread.startVirtualThread(() -> parts.add(1, TAG)));
    writing.await();
    List<Thread> others =
        IntStream.rangeClosed(2, 16)
            .mapToObj(number -> Thread.startVirtualThread(() -> parts.add(number, TAG)))
            .toList();
    for (Thread other : others) {
      // It has handed over its ETag and waits for the writer.
      while (other.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
    }
    goOn.countDown();
    for (Thread thread : first) {
      thread.join();
    }
    for (Thread thread : others) {
      thread.join();
    }

    assertThat(parts.count()).isEqualTo(16);
    assertThat(store.writtenSizes.size() - before).isLessThanOrEqualTo(4);
  }

  private Uploads uploads() {
    return new Uploads(store, new Seal(server));
  }

  private static long sum(List<Integer> sizes) {
    return sizes.stream().mapToLong(size -> size).sum();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
