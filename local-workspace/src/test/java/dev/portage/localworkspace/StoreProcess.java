package dev.portage.localworkspace;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A real third-party blob store for one test class. */
final class StoreProcess implements AutoCloseable {
  /** Azurite's well-known account and key. */
  static final String ACCOUNT = "devstoreaccount1";

  static final String KEY =
      "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final Process process;
  private final URI url;

  private StoreProcess(Process process, URI url) {
    this.process = process;
    this.url = url;
  }

  /** Azurite; null if it is not installed. */
  static @Nullable StoreProcess azurite(Path folder) throws IOException, InterruptedException {
    Path program = program("azurite/node_modules/.bin/azurite-blob");
    if (!Files.isExecutable(program)) {
      return null;
    }
    int port = FreePort.find();
    return start(
        folder,
        port,
        "/" + ACCOUNT,
        List.of(
            program.toString(),
            "--blobHost",
            "127.0.0.1",
            "--blobPort",
            Integer.toString(port),
            "--location",
            folder.toString(),
            "--skipApiVersionCheck",
            "--disableTelemetry",
            "--silent"));
  }

  /** Moto's S3; null if it is not installed. */
  static @Nullable StoreProcess moto(Path folder) throws IOException, InterruptedException {
    Path program = program("moto/bin/moto_server");
    if (!Files.isExecutable(program)) {
      return null;
    }
    int port = FreePort.find();
    return start(
        folder,
        port,
        "",
        List.of(program.toString(), "-H", "127.0.0.1", "-p", Integer.toString(port)));
  }

  private static Path program(String name) {
    String root = Objects.requireNonNullElse(System.getProperty("portage.root"), "..");
    String named = System.getenv("PORTAGE_STORES");
    Path stores = named == null ? Path.of(root, ".portage", "stores") : Path.of(named);
    return stores.resolve(name).toAbsolutePath();
  }

  private static StoreProcess start(Path folder, int port, String path, List<String> command)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Path log = folder.resolve("store.log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    StoreProcess store = new StoreProcess(process, URI.create("http://127.0.0.1:" + port + path));
    Instant until = Instant.now().plus(LIMIT);
    while (!listens(port)) {
      if (!process.isAlive() || Instant.now().isAfter(until)) {
        store.close();
        throw new IOException("The store does not answer: " + Files.readString(log));
      }
      process.waitFor(100, TimeUnit.MILLISECONDS);
    }
    return store;
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  URI url() {
    return url;
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
