package dev.portage.localworkspace.serving;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.portage.localworkspace.notebooks.ProcessGroup;
import dev.portage.localworkspace.notebooks.PythonHome;
import dev.portage.localworkspace.protocol.Json;
import dev.portage.localworkspace.protocol.Loopback;
import dev.portage.localworkspace.protocol.Sha256;
import dev.portage.localworkspace.rights.Right;
import dev.portage.localworkspace.rights.TokenBook;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Servers of models in CPython, each in a process and session of its own with a clean environment.
 * A server answers by MLflow's own scoring code. The files of a version are fetched through the
 * workspace itself, with a token that is valid only until they are there.
 */
public final class PythonModelServers implements ModelServers {
  private static final Logger log = LoggerFactory.getLogger(PythonModelServers.class);
  private static final String SCRIPT = "model_server.py";
  private static final String IMAGES = "images";
  private static final String SERVERS = "servers";
  private static final int KILLED = 128 + 9;
  private static final long PAGE = 4096;

  private final PythonHome python;
  private final Path script;
  private final Path folder;
  private final TokenBook tokens;
  private final Registry registry;
  private final AtomicLong starts = new AtomicLong();
  private final SecureRandom random = new SecureRandom();

  /**
   * Where the models are.
   *
   * @param host the workspace's address; known once it listens
   * @param byName whether MLflow is to reach it by the name {@code databricks}, as clients do where
   *     artifacts have signed URLs
   */
  public record Registry(Supplier<URI> host, boolean byName) {
    String tracking() {
      return byName ? "databricks" : host.get().toString();
    }
  }

  /**
   * Servers for one workspace.
   *
   * @param folder where they keep the files of versions
   * @throws IOException when the script can't be written
   */
  public PythonModelServers(PythonHome python, Path folder, TokenBook tokens, Registry registry)
      throws IOException {
    this.python = python;
    this.script = python.script(PythonModelServers.class, SCRIPT);
    this.folder = folder.toAbsolutePath();
    this.tokens = tokens;
    this.registry = registry;
  }

  @Override
  public ModelServer start(Order order, ServerLogs logs) throws IOException {
    Path image = image(order.version());
    Path work = folder.resolve(SERVERS).resolve(Long.toString(starts.incrementAndGet()));
    Path directory = Files.createDirectories(work.resolve("home"));
    Path spec = work.resolve("spec.json");
    byte[] unknown = new byte[16];
    random.nextBytes(unknown);
    String mark = HexFormat.of().formatHex(unknown) + " ";
    Files.write(spec, Json.bytes(spec(order, image).put("mark", mark)));
    logs.begin();
    TokenBook.Minted token =
        tokens.mint(order.user(), Set.of(Right.REGISTRY_READ, Right.MODELS_EXECUTE));
    try {
      ProcessBuilder builder =
          new ProcessBuilder(python.executable().toString(), script.toString(), spec.toString())
              .directory(directory.toFile())
              .redirectErrorStream(true);
      Map<String, String> environment = builder.environment();
      environment.clear();
      environment.putAll(python.environment(directory));
      // Two processors are shared by all: a model that takes them alone slows the others down.
      environment.put("OMP_NUM_THREADS", "1");
      environment.put("MLFLOW_DISABLE_TELEMETRY", "true");
      environment.putAll(order.variables());
      environment.putAll(order.secrets());
      environment.put(
          "LOCAL_WORKSPACE_SECRET_VARIABLES", String.join(" ", order.secrets().keySet()));
      environment.putAll(python.installer());
      environment.put("LOCAL_WORKSPACE_LOGIN", token.value());
      environment.put("LOCAL_WORKSPACE_HOST", registry.host().get().toString());
      return new Running(builder.start(), mark, logs, token);
    } catch (IOException e) {
      token.close();
      throw e;
    }
  }

  private Path image(ModelVersion version) {
    return folder.resolve(IMAGES).resolve(Sha256.of(version.path() + " " + version.source()));
  }

  @Override
  public void forgetAllBut(Set<ModelVersion> used) {
    Set<Path> kept = new HashSet<>();
    used.forEach(version -> kept.add(image(version)));
    try (Stream<Path> images = Files.list(Files.createDirectories(folder.resolve(IMAGES)))) {
      images.filter(image -> !kept.contains(image)).forEach(PythonModelServers::delete);
    } catch (IOException e) {
      log.warn("Images of models that nobody serves can't be deleted: {}", e.getMessage());
    }
    delete(folder.resolve(SERVERS));
  }

  private static void delete(Path tree) {
    if (Files.notExists(tree)) {
      return;
    }
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      log.warn("{} can't be deleted: {}", tree, e.getMessage());
    }
  }

  private ObjectNode spec(Order order, Path image) {
    Path files = order.version().files();
    StartFault fault = order.fault();
    return Json.object()
        .put("model", order.version().model())
        .put("version", order.version().version())
        .put("files", files == null ? null : files.toString())
        .put("tracking", registry.tracking())
        .put("image", image.toString())
        .put("layers", python.layers().toString())
        .put("fault", fault == null ? null : fault.name().toLowerCase(Locale.ROOT));
  }

  private static final class Running implements ModelServer {
    private final Process process;
    private final String mark;
    private final ServerLogs logs;
    private final TokenBook.Minted token;
    private final ProcessGroup group;
    private final CompletableFuture<URI> ready = new CompletableFuture<>();
    private final CompletableFuture<@Nullable String> ended;
    private final AtomicBoolean built = new AtomicBoolean();
    private final AtomicBoolean stopped = new AtomicBoolean();

    private Running(Process process, String mark, ServerLogs logs, TokenBook.Minted token) {
      this.process = process;
      this.mark = mark;
      this.logs = logs;
      this.token = token;
      this.group = new ProcessGroup(process);
      this.ended =
          CompletableFuture.allOf(read(process, this::heed), process.onExit())
              .thenApplyAsync(_ -> end(), work -> Thread.ofVirtual().start(work));
    }

    /**
     * Reads what it prints, line by line, in a thread of the platform's: reading from a pipe blocks
     * the thread that carries a virtual one, and with as many servers as cores nothing else would
     * run in this process.
     */
    private static CompletableFuture<?> read(Process process, Consumer<String> line) {
      CompletableFuture<@Nullable Void> end = new CompletableFuture<>();
      Thread.ofPlatform()
          .daemon()
          .name("output-" + process.pid())
          .start(() -> {
            try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
              lines.lines().forEach(line);
            } catch (IOException | UncheckedIOException e) {
              // The process is gone; what it said until then is there.
              log.debug("the output of {} ended: {}", process.pid(), e.getMessage());
            } finally {
              end.complete(null);
            }
          });
      return end;
    }

    private void heed(String said) {
      int marked = said.indexOf(mark);
      if (marked < 0) {
        logs.add(said);
        return;
      }
      if (marked > 0) {
        logs.add(said.substring(0, marked));
      }
      String line = said.substring(marked + mark.length()).strip();
      int space = line.indexOf(' ');
      String word = space < 0 ? line : line.substring(0, space);
      String rest = space < 0 ? "" : line.substring(space + 1);
      switch (word) {
        case "built" -> {
          built.set(true);
          token.close();
          logs.built();
        }
        case "listening" -> ready.complete(URI.create("http://" + Loopback.ADDRESS + ":" + rest));
        case "unbuilt" -> ready.completeExceptionally(new StartFailed(Failure.Kind.BUILD, rest));
        case "unloaded" -> ready.completeExceptionally(new StartFailed(Failure.Kind.LOAD, rest));
        default -> logs.add(line);
      }
    }

    private @Nullable String end() {
      token.close();
      group.killRest();
      int code = process.exitValue();
      String how = null;
      if (!stopped.get()) {
        how = code == KILLED ? "was killed, perhaps out of memory" : "exited with code " + code;
        if (code == KILLED) {
          // As gunicorn says it, which runs model servers on Databricks.
          logs.addToServer(
              "[ERROR] Worker (pid:"
                  + process.pid()
                  + ") was sent SIGKILL! Perhaps out of memory?");
        }
      }
      ready.completeExceptionally(
          new StartFailed(
              built.get() ? Failure.Kind.LOAD : Failure.Kind.BUILD,
              "the model server " + (how == null ? "was stopped" : how)));
      return how;
    }

    @Override
    public CompletableFuture<URI> ready() {
      return ready;
    }

    @Override
    public CompletableFuture<@Nullable String> ended() {
      return ended;
    }

    @Override
    public @Nullable Usage usage() {
      Duration cpu = process.info().totalCpuDuration().orElse(null);
      if (cpu == null) {
        return null;
      }
      try {
        String pages = Files.readString(Path.of("/proc", Long.toString(process.pid()), "statm"));
        return new Usage(
            cpu.toMillis() / 1000.0, Long.parseLong(List.of(pages.split(" ", 3)).get(1)) * PAGE);
      } catch (IOException | RuntimeException e) {
        return null;
      }
    }

    @Override
    public void stop() {
      stopped.set(true);
      if (process.isAlive()) {
        group.kill();
      }
    }
  }
}
