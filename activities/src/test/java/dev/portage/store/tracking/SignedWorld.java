package dev.portage.store.tracking;

import dev.portage.http.NetworkSettings;
import dev.portage.http.OutboundHttp;
import dev.portage.mlflow.FakeMlflow;
import dev.portage.mlflow.MlflowServer;
import dev.portage.store.ArtifactSink;
import dev.portage.store.ArtifactSink.Body;
import dev.portage.store.ArtifactSink.Upload;
import dev.portage.store.ArtifactSource;
import dev.portage.store.ArtifactStore;
import dev.portage.store.Retry;
import io.temporal.failure.ApplicationFailure;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** A workspace "dev" that signs URLs of a store. */
@Timeout(60)
public abstract class SignedWorld {
  static final String RUN = "0123456789abcdef0123456789abcdef";

  final OutboundHttp http = OutboundHttp.open(NetworkSettings.direct());
  final FakeMlflow mlflow = new FakeMlflow(http, "dev", true);
  final FakeBlobs blobs = new FakeBlobs();
  final FakeSigning signing = new FakeSigning(mlflow, blobs);
  final MlflowServer server = mlflow.client();

  @AfterEach
  void close() {
    mlflow.close();
    blobs.close();
    http.close();
  }

  /** The run's model folder. */
  ArtifactStore folder() {
    return at(FakeSigning.RUN_URI + "/model");
  }

  ArtifactStore at(String uri) {
    return ArtifactStores.standard().at(server, uri);
  }

  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  public static String text(ArtifactSource source, String path) {
    return source.read(path, SignedWorld::all);
  }

  public static String all(ArtifactSource.Stream stream) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] buffer = new byte[8];
    for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
      all.write(buffer, 0, read);
    }
    return all.toString(StandardCharsets.UTF_8);
  }

  /** Retries what may pass, as the copy does; here once. */
  public static <T> T retried(Supplier<T> call) {
    try {
      return call.get();
    } catch (ApplicationFailure failure) {
      if (failure.isNonRetryable()) {
        throw failure;
      }
      return call.get();
    }
  }

  /** Reads a text as the copy does, which retries when no bytes arrive. */
  static ArtifactSource.Reader<String> patient() {
    return new ArtifactSource.Reader<>() {
      @Override
      public String read(ArtifactSource.Stream stream) {
        return all(stream);
      }

      @Override
      public Retry retry() {
        AtomicInteger left = new AtomicInteger(3);
        return failure -> {
          if (failure.isNonRetryable() || left.getAndDecrement() == 0) {
            throw failure;
          }
        };
      }
    };
  }

  public static void write(ArtifactSink sink, String path, String text) {
    sink.write(path, bytes(text).length, Body.of(bytes(text)));
  }

  /** A one-shot byte source: it can be sent only once. */
  static Body once(String text) {
    return stream -> stream.write(bytes(text), bytes(text).length);
  }

  /** Sends parts of four letters each, in some order. */
  static List<String> parts(Upload upload, String text, int... order) {
    List<String> tags = new ArrayList<>(List.of("", "", ""));
    for (int number : order) {
      String part = text.substring(4 * (number - 1), Math.min(text.length(), 4 * number));
      tags.set(number - 1, upload.part(number, part.length(), once(part)));
    }
    return tags;
  }

  long askedForLeave() {
    return mlflow.asked().stream().filter(call -> call.contains("credentials-for-")).count();
  }
}
