package dev.portage.sandbox.demo;

import dev.portage.sandbox.world.World;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Those who use the model: a request to its endpoint each tenth of a second, whatever becomes of
 * the ones before. They count which version answered, and what failed.
 */
final class Readers implements AutoCloseable {

  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  /** Fewer than a small server answers at once, so that nobody else waits behind them. */
  private static final int AT_ONCE = 3;

  /** So many of the last answers are the traffic of a moment. */
  private static final int RECENT = 20;

  /** One of the patients that the model has learnt from. */
  private static final String ONE =
      "{\"dataframe_records\":[{\"age\":59.0,\"sex\":2.0,\"bmi\":32.1,\"bp\":101.0,\"s1\":157.0,"
          + "\"s2\":93.2,\"s3\":38.0,\"s4\":4.0,\"s5\":4.8598,\"s6\":87.0}]}";

  private final HttpClient client =
      HttpClient.newBuilder()
          .proxy(HttpClient.Builder.NO_PROXY)
          .connectTimeout(Duration.ofSeconds(10))
          .build();
  private final HttpRequest request;
  private final Semaphore room = new Semaphore(AT_ONCE);
  private final Phaser underWay = new Phaser(1);
  private final SortedMap<String, Integer> answered = new TreeMap<>();
  private final Deque<String> recent = new ArrayDeque<>();
  private final Thread thread;
  private int failed;
  private @Nullable String fault;
  private volatile boolean over;

  /**
   * What became of the requests.
   *
   * @param answered how many were answered, by names of served versions
   * @param recent the same of the last few
   * @param failed how many failed
   * @param fault what came back of the first that failed; null for none
   */
  record Count(
      SortedMap<String, Integer> answered,
      SortedMap<String, Integer> recent,
      int failed,
      @Nullable String fault) {

    /** All requests whose end is known. */
    int sent() {
      return failed + answered.values().stream().mapToInt(Integer::intValue).sum();
    }
  }

  /**
   * Asks from now on.
   *
   * @param endpoint in prod
   */
  Readers(World world, String endpoint) throws IOException {
    request =
        HttpRequest.newBuilder(
                world
                    .workspace("prod")
                    .host()
                    .resolve("/serving-endpoints/" + endpoint + "/invocations"))
            .timeout(LONGEST)
            .header("Authorization", "Bearer " + Files.readString(world.token("prod")).strip())
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(ONE))
            .build();
    thread = Thread.ofVirtual().name("readers").start(this::run);
  }

  private void run() {
    try {
      while (!over) {
        if (room.tryAcquire(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
          underWay.register();
          Thread.startVirtualThread(this::one);
        }
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void one() {
    try {
      HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
      boolean good = answer.statusCode() == 200 && answer.body().contains("\"predictions\"");
      String by = answer.headers().firstValue("served-model-name").orElse("unknown");
      count(good ? by : null, answer.statusCode() + " of " + by + ": " + answer.body());
    } catch (IOException e) {
      count(null, e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      room.release();
      underWay.arriveAndDeregister();
    }
  }

  private synchronized void count(@Nullable String by, String said) {
    if (by == null) {
      failed++;
      fault = fault == null ? said.lines().findFirst().orElse("") : fault;
      return;
    }
    answered.merge(by, 1, Integer::sum);
    recent.add(by);
    if (recent.size() > RECENT) {
      recent.remove();
    }
  }

  /** What became of them until now. */
  synchronized Count count() {
    SortedMap<String, Integer> last = new TreeMap<>();
    recent.forEach(by -> last.merge(by, 1, Integer::sum));
    return new Count(new TreeMap<>(answered), last, failed, fault);
  }

  /** Asks no more, and waits for the last answers. */
  @Override
  public void close() throws IOException {
    over = true;
    try {
      thread.join();
      underWay.awaitAdvance(underWay.arrive());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    client.close();
  }
}
