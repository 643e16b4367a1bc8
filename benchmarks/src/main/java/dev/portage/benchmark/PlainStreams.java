package dev.portage.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The most the servers can do: every file by a GET whose stream is the body of a PUT, over
 * kept-alive connections, with a given number of threads. Creates no run and verifies nothing. It
 * computes no digest either, unless the benchmark asks what that costs.
 */
final class PlainStreams {
  private static final int BUFFER = 256 * 1024;

  private PlainStreams() {}

  /**
   * Copies files of one folder to another; answers the seconds it took.
   *
   * @param digesting whether what passes is put through SHA-256, of which nothing is made
   */
  static double copy(URI from, URI to, List<String> files, int threads, boolean digesting)
      throws IOException {
    Queue<String> queue = new ConcurrentLinkedQueue<>(files);
    List<Future<Boolean>> all = new ArrayList<>();
    long began = System.nanoTime();
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      for (int i = 0; i < threads; i++) {
        all.add(
            executor.submit(() -> {
              byte[] buffer = new byte[BUFFER];
              MessageDigest digest = digesting ? MessageDigest.getInstance("SHA-256") : null;
              for (String file = queue.poll(); file != null; file = queue.poll()) {
                stream(URI.create(from + "/" + file), URI.create(to + "/" + file), buffer, digest);
              }
              return true;
            }));
      }
      for (Future<Boolean> one : all) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("a plain stream failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return (System.nanoTime() - began) / 1e9;
  }

  private static void stream(URI from, URI to, byte[] buffer, @Nullable MessageDigest digest)
      throws IOException {
    HttpURLConnection get = (HttpURLConnection) from.toURL().openConnection();
    get.setRequestProperty("Accept-Encoding", "identity");
    try (InputStream in = get.getInputStream()) {
      HttpURLConnection put = (HttpURLConnection) to.toURL().openConnection();
      put.setRequestMethod("PUT");
      put.setDoOutput(true);
      put.setRequestProperty("Content-Type", "application/octet-stream");
      put.setFixedLengthStreamingMode(get.getContentLengthLong());
      try (OutputStream out = put.getOutputStream()) {
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          if (digest != null) {
            digest.update(buffer, 0, read);
          }
          out.write(buffer, 0, read);
        }
      }
      if (put.getResponseCode() != 200) {
        throw new IOException("PUT " + to + " answered " + put.getResponseCode());
      }
      try (InputStream answer = put.getInputStream()) {
        answer.transferTo(OutputStream.nullOutputStream());
      }
    }
  }
}
