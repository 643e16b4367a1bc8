package dev.portage.localworkspace;

import static dev.portage.localworkspace.NotebookWorkspace.CELL;
import static dev.portage.localworkspace.NotebookWorkspace.HEADER;
import static org.assertj.core.api.Assertions.assertThat;

import com.databricks.sdk.service.files.UploadRequest;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a notebook installs with %pip is there for this run, and what can't be installed is reported
 * by name.
 */
class PipIT {
  private static final String VOLUME = "/Volumes/main/default/data/";

  /** A build that needs nothing from an index. */
  private static final String BACKEND =
      """
      import os, zipfile
      INFO = "own-1.0.dist-info/"
      def pack(folder, files):
          name = "own-1.0-py3-none-any.whl"
          with zipfile.ZipFile(os.path.join(folder, name), "w") as wheel:
              for path, text in files.items():
                  wheel.writestr(path, text)
              wheel.writestr(INFO + "METADATA", "Metadata-Version: 2.1\\nName: own\\nVersion: 1.0\\n")
              wheel.writestr(INFO + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
              wheel.writestr(INFO + "RECORD", "".join(path + ",,\\n" for path in files))
          return name
      def build_wheel(folder, config_settings=None, metadata_directory=None):
          return pack(folder, {"own.py": open("src/own.py").read()})
      def build_editable(folder, config_settings=None, metadata_directory=None):
          return pack(folder, {"own.pth": os.path.abspath("src") + "\\n"})
      """;

  @TempDir private Path folder;
  @AutoClose private NotebookWorkspace notebooks;

  @BeforeEach
  void start() throws IOException {
    notebooks = new NotebookWorkspace(folder);
    for (String version : List.of("1.0", "2.0")) {
      notebooks
          .client
          .files()
          .upload(
              new UploadRequest()
                  .setFilePath(wheel(version))
                  .setContents(new ByteArrayInputStream(features(version))));
    }
  }

  @Test
  @Tag("S4.12")
  void aPackageIsThereForTheRestOfTheRunAndAnotherVersionOnceStartedAgain() throws IOException {
    String commit =
        notebooks.repository.commit(
            Map.of(
                "n.py",
                HEADER
                    + "dbutils.widgets.text('who', 'nobody')\n%pip install "
                    + wheel("1.0")
                    + "\n"
                    + CELL
                    + "import features\nfirst = features.VERSION\n"
                    + CELL
                    + "# MAGIC %run ./helper\n"
                    + CELL
                    + """
                    import features, subprocess, sys
                    there = subprocess.run([sys.executable, "-c", "import features; print(features.VERSION)"],
                                           stdout=subprocess.PIPE, text=True).stdout.strip()
                    dbutils.notebook.exit(" ".join([
                        features.VERSION, there, str("first" in globals()), after, dbutils.widgets.get("who")]))
                    """,
                "helper.py",
                HEADER
                    + "assert first == '1.0'\n"
                    + CELL
                    + "%pip install "
                    + wheel("2.0")
                    + "\nimport features\nassert features.VERSION == '1.0'\n"
                    + "dbutils.library.restartPython()\nraise AssertionError('not reached')\n"
                    + CELL
                    + "after = 'went on'\n",
                "plain.py",
                HEADER
                    + "import importlib.util\n"
                    + "dbutils.notebook.exit(str(importlib.util.find_spec('features')))\n"));

    assertThat(notebooks.exitOf("n", commit)).isEqualTo("2.0 2.0 False went on nobody");
    int layers = layers();
    assertThat(notebooks.exitOf("n", commit)).isEqualTo("2.0 2.0 False went on nobody");
    assertThat(layers()).as("made once for all runs").isEqualTo(layers).isEqualTo(2);
    assertThat(notebooks.exitOf("plain", commit)).isEqualTo("None");
  }

  @Test
  @Tag("S4.12")
  void theProjectItselfIsInstalledOrLinkedAndARequirementsFileIsFollowed() throws IOException {
    Map<String, String> project =
        Map.of(
            "pyproject.toml",
            """
            [build-system]
            requires = []
            build-backend = "backend"
            backend-path = ["."]
            [project]
            name = "own"
            version = "1.0"
            """,
            "backend.py",
            BACKEND,
            "src/own.py",
            "WHERE = __file__\n",
            "requirements.txt",
            "mlflow>=2  # there already\n-r more/requirements.txt\n",
            "more/requirements.txt",
            "features @ file://" + volume("features-1.0-py3-none-any.whl") + "\n",
            "copied.py",
            notebook("%pip install -q ."),
            "linked.py",
            notebook("%pip install -e ."),
            "listed.py",
            HEADER
                + "!pip install -r requirements.txt\n"
                + CELL
                + "import features\ndbutils.notebook.exit(features.VERSION)\n");
    String commit = notebooks.repository.commit(project);

    assertThat(notebooks.exitOf("copied", commit)).contains("/libraries/").endsWith("own.py");
    assertThat(notebooks.exitOf("linked", commit)).endsWith("/checkout/src/own.py");
    assertThat(notebooks.exitOf("listed", commit)).isEqualTo("1.0");
  }

  @Test
  void whatCannotBeInstalledIsReportedByNameWithAnAlternative() throws IOException {
    HttpServer index =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    index.createContext(
        "/",
        exchange -> {
          boolean known = "/simple/known/".equals(exchange.getRequestURI().getPath());
          byte[] page =
              "<!DOCTYPE html><a href=\"known-1.0-py3-none-any.whl\">known-1.0-py3-none-any.whl</a>"
                  .getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "text/html");
          exchange.sendResponseHeaders(known ? 200 : 404, known ? page.length : -1);
          if (known) {
            exchange.getResponseBody().write(page);
          }
          exchange.close();
        });
    index.start();
    String here = " --index-url http://127.0.0.1:" + index.getAddress().getPort() + "/simple/";
    try {
      String commit =
          notebooks.repository.commit(
              Map.of(
                  "absent.py", HEADER + "%pip install no-such-thing-at-all" + here + "\n",
                  "newer.py", HEADER + "%pip install known==3" + here + "\n",
                  "alone.py",
                      HEADER + "%pip install lonely --index-url http://127.0.0.1:9/simple/\n",
                  "elsewhere.py", HEADER + "%pip install lonely --target /tmp/x\n",
                  "nofile.py", HEADER + "%pip install ./dist/none-1.0-py3-none-any.whl\n",
                  "nolist.py", HEADER + "%pip install -r none.txt\n",
                  "system.py",
                      HEADER
                          + "# MAGIC %sh\n# MAGIC # a tool\n# MAGIC apt-get install -y graphviz\n",
                  "scala.py", HEADER + "# MAGIC %scala\n# MAGIC val x = 1\n",
                  "r.py", HEADER + "# MAGIC %r\n# MAGIC x <- 1\n",
                  "shell.py", HEADER + "# MAGIC %sh\n# MAGIC pip install numpy\n"));

      assertThat(notebooks.error("absent", commit))
          .contains("%pip install no-such-thing-at-all")
          .contains("no-such-thing-at-all is not in the package index of this machine")
          .contains("commit the wheel and install it by its path");
      assertThat(notebooks.error("newer", commit))
          .contains("no version of it fits known==3")
          .contains("the package index has 1.0");
      assertThat(notebooks.error("alone", commit))
          .contains("lonely: no package index can be reached from this machine")
          .contains("PIP_INDEX_URL");
      assertThat(notebooks.error("elsewhere", commit)).contains("leave --target out");
      assertThat(notebooks.error("nofile", commit)).contains("there is no such file or folder");
      assertThat(notebooks.error("nolist", commit)).contains("none.txt can't be read");
      assertThat(notebooks.error("system", commit))
          .contains("apt-get install -y graphviz")
          .contains("init script of the cluster");
      assertThat(notebooks.error("scala", commit)).contains("%scala").contains("only Python");
      assertThat(notebooks.error("r", commit)).contains("%r").contains("only Python");
      assertThat(notebooks.exitOf("shell", commit)).isNull();
    } finally {
      index.stop(0);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void theLoginOfAnIndexStandsInNoProcessList() throws IOException {
    Set<String> seen = ConcurrentHashMap.newKeySet();
    HttpServer index =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    index.createContext(
        "/",
        exchange -> {
          String login = exchange.getRequestHeaders().getFirst("Authorization");
          byte[] answer = new byte[0];
          int status = 401;
          if (OF_ANA.equals(login)) {
            seen.add("let in");
            calledWith("s3cret").forEach(seen::add);
            boolean page = exchange.getRequestURI().toString().endsWith("/");
            String name = "features-1.0-py3-none-any.whl";
            answer =
                page
                    ? "<!DOCTYPE html><a href=\"%s\">%s</a>"
                        .formatted(name, name)
                        .getBytes(StandardCharsets.UTF_8)
                    : features("1.0");
            exchange.getResponseHeaders().add("Content-Type", page ? "text/html" : "a/wheel");
            status = 200;
          } else {
            exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"packages\"");
          }
          exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    index.start();
    try {
      String commit =
          notebooks.repository.commit(
              Map.of(
                  "n.py",
                  HEADER
                      + "%pip install features --index-url http://ana:s3cret%2F@127.0.0.1:"
                      + index.getAddress().getPort()
                      + "/simple/\n"
                      + CELL
                      + "import features\ndbutils.notebook.exit(features.VERSION)\n"));

      assertThat(notebooks.exitOf("n", commit)).isEqualTo("1.0");
    } finally {
      index.stop(0);
    }
    assertThat(seen)
        .as("whom it let in, and who is called with the password")
        .containsOnly("let in");
    try (Stream<Path> kept = Files.walk(folder.resolve("state/scripts/libraries"))) {
      assertThat(kept.map(PipIT::name)).doesNotContain("netrc", "with-logins.txt");
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void theLoginOfARepositoryStandsInNoProcessList() throws IOException, InterruptedException {
    Path served = Files.createDirectories(folder.resolve("served"));
    Path project = Files.createDirectories(served.resolve("project/src"));
    Files.writeString(project.resolve("own.py"), "VALUE = 'cloned'\n");
    Files.writeString(project.resolveSibling("backend.py"), BACKEND);
    Files.writeString(
        project.resolveSibling("pyproject.toml"),
        "[build-system]\nrequires = []\nbuild-backend = \"backend\"\nbackend-path = [\".\"]\n");
    for (String line :
        List.of(
            "init --quiet project",
            "-C project add --all",
            "-C project -c user.name=A -c user.email=a@example.com commit --quiet -m one",
            "clone --quiet --bare project own.git",
            "-C own.git update-server-info")) {
      List<String> words = new ArrayList<>(List.of("git"));
      words.addAll(List.of(line.split(" ")));
      Process git = new ProcessBuilder(words).directory(served.toFile()).inheritIO().start();
      assertThat(git.waitFor()).as(line).isZero();
    }
    Set<String> seen = ConcurrentHashMap.newKeySet();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          calledWith("s3cret").forEach(seen::add);
          Path file =
              served.resolve(
                  Objects.requireNonNull(exchange.getRequestURI().getPath()).substring(1));
          if (!OF_ANA.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"code\"");
            exchange.sendResponseHeaders(401, -1);
          } else if (Files.isRegularFile(file)) {
            seen.add("let in");
            exchange.sendResponseHeaders(200, 0);
            Files.copy(file, exchange.getResponseBody());
          } else {
            exchange.sendResponseHeaders(404, -1);
          }
          exchange.close();
        });
    server.start();
    String own = "git+http://ana:s3cret%2F@127.0.0.1:" + server.getAddress().getPort() + "/own.git";
    try {
      String commit =
          notebooks.repository.commit(
              Map.of(
                  "n.py",
                  HEADER
                      + "%pip install "
                      + own
                      + "\n"
                      + CELL
                      + "import own\ndbutils.notebook.exit(own.VALUE)\n",
                  "listed.py",
                  HEADER
                      + "%pip install -r all.txt\n"
                      + CELL
                      + "import own\ndbutils.notebook.exit(own.VALUE)\n",
                  "all.txt",
                  "-r more.txt\n",
                  "more.txt",
                  "own @ " + own + "\n"));

      assertThat(notebooks.exitOf("n", commit)).isEqualTo("cloned");
      assertThat(notebooks.exitOf("listed", commit)).isEqualTo("cloned");
    } finally {
      server.stop(0);
    }
    assertThat(seen)
        .as("whom it let in, and who is called with the password")
        .containsOnly("let in");
    try (Stream<Path> kept = Files.walk(folder.resolve("state"))) {
      assertThat(kept.map(PipIT::name)).doesNotContain("git-logins", "without-logins");
    }
  }

  private static final String OF_ANA =
      "Basic " + Base64.getEncoder().encodeToString("ana:s3cret/".getBytes(StandardCharsets.UTF_8));

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  /** Processes of this machine whose command line holds a text. */
  private static List<String> calledWith(String text) throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      return all.filter(process -> name(process).matches("\\d+"))
          .map(process -> {
            try {
              return Files.readString(process.resolve("cmdline")).replace('\0', ' ');
            } catch (IOException ended) {
              return "";
            }
          })
          .filter(line -> line.contains(text))
          .toList();
    }
  }

  private static String notebook(String install) {
    return HEADER + install + "\n" + CELL + "import own\ndbutils.notebook.exit(own.WHERE)\n";
  }

  private int layers() throws IOException {
    try (Stream<Path> kept = Files.list(folder.resolve("state/scripts/libraries"))) {
      return (int) kept.filter(Files::isDirectory).count();
    }
  }

  private static String wheel(String version) {
    return VOLUME + "features-" + version + "-py3-none-any.whl";
  }

  private Path volume(String name) {
    return folder.resolve("state/volumes/main.default.data").resolve(name);
  }

  private static byte[] features(String version) throws IOException {
    String info = "features-" + version + ".dist-info/";
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      Map.of(
              "features.py",
              "VERSION = '" + version + "'\n",
              info + "METADATA",
              "Metadata-Version: 2.1\nName: features\nVersion: " + version + "\n",
              info + "WHEEL",
              "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
              info + "RECORD",
              "features.py,,\n" + info + "METADATA,,\n" + info + "WHEEL,,\n" + info + "RECORD,,\n")
          .forEach((name, text) -> add(zip, name, text));
    }
    return bytes.toByteArray();
  }

  private static void add(ZipOutputStream zip, String name, String text) {
    try {
      zip.putNextEntry(new ZipEntry(name));
      zip.write(text.getBytes(StandardCharsets.UTF_8));
      zip.closeEntry();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
