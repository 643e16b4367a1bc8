package dev.portage.sandbox.temporal;

import dev.portage.sandbox.process.KeptProcess.Keeper;
import dev.portage.temporal.PromotionAttributes;
import io.temporal.testing.TemporalDevServer;
import io.temporal.testing.TemporalDevServerOptions;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The dev server of the program {@code temporal}: a real server, with Web UI and list. */
public final class DevTemporal implements TemporalServer {
  private final TemporalDevServer server;
  private final URI ui;
  private final String version;

  private DevTemporal(TemporalDevServer server, URI ui, String version) {
    this.server = server;
    this.ui = ui;
    this.version = version;
  }

  /**
   * Starts it and returns once it answers.
   *
   * @param keeper watches over it
   * @param cli the program
   * @param folder its database, there again on the next start
   * @param port of its gRPC door
   * @param uiPort of its Web UI
   * @param log where its output goes
   */
  public static DevTemporal start(
      Keeper keeper, Path cli, Path folder, int port, int uiPort, Path log) throws IOException {
    Files.createDirectories(folder);
    List<String> attributes = new ArrayList<>();
    for (String name : PromotionAttributes.names()) {
      attributes.add("--search-attribute");
      attributes.add(name + "=Keyword");
    }
    TemporalDevServer server =
        TemporalDevServer.start(
            NAMESPACE,
            TemporalDevServerOptions.newBuilder()
                .setExistingPath(kept(keeper, cli, folder).toString())
                .setDownloadEnabled(false)
                .setIp("127.0.0.1")
                .setPort(port)
                .setUi(true)
                .setUiPort(uiPort)
                .setDatabaseFilename(folder.toAbsolutePath().resolve("temporal.db").toString())
                .setLogFile(log.toString())
                .setStartupTimeout(Duration.ofSeconds(60))
                .setExtraArgs(attributes)
                .build());
    return new DevTemporal(server, URI.create("http://127.0.0.1:" + uiPort), version(cli));
  }

  /** The SDK starts exactly one program, so the keeper has to look like it. */
  private static Path kept(Keeper keeper, Path cli, Path folder) throws IOException {
    boolean windows = File.separatorChar == '\\';
    StringBuilder line = new StringBuilder(windows ? "@" : "#!/bin/sh\nexec ");
    for (String word : keeper.command(List.of(cli.toString()))) {
      line.append(windows ? '"' + word + '"' : "'" + word.replace("'", "'\\''") + "'").append(' ');
    }
    line.append(windows ? "%*\r\n" : "\"$@\"\n");
    Path script = folder.resolve(windows ? "temporal.cmd" : "temporal");
    Files.writeString(script, line);
    if (!script.toFile().setExecutable(true)) {
      throw new IOException("cannot make " + script + " executable");
    }
    return script;
  }

  private static String version(Path cli) throws IOException {
    Process process =
        new ProcessBuilder(cli.toString(), "--version")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    process.getOutputStream().close();
    // "temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)"
    String says =
        new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
            .strip();
    int server = says.indexOf("(Server ");
    return server < 0 ? says : says.substring(server + 1).replace(")", "");
  }

  @Override
  public String address() {
    return server.getTarget();
  }

  @Override
  public Optional<URI> ui() {
    return Optional.of(ui);
  }

  @Override
  public String says() {
    return "Temporal " + version + " on " + address() + ", Web UI " + ui;
  }

  @Override
  public void close() {
    server.close();
  }
}
