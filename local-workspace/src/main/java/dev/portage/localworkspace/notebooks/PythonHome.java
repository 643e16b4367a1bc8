package dev.portage.localworkspace.notebooks;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The Python of a workspace, and the modules of ours that whatever runs in it shares. */
public final class PythonHome {
  /** The files that the script needs besides itself. */
  private static final List<String> MODULES =
      Stream.of(
              "__init__",
              "context",
              "display",
              "errors",
              "files",
              "filesystem",
              "imports",
              "index",
              "ipython",
              "libraries",
              "logins",
              "magics",
              "packages",
              "paths",
              "process",
              "repositories",
              "runtime",
              "secrets",
              "session",
              "spark",
              "statements",
              "syntax",
              "tracking",
              "utilities",
              "widgets")
          .map(module -> "local_notebook/" + module + ".py")
          .toList();

  /** What pip takes of this machine's own settings to reach an index; no notebook sees it. */
  private static final List<String> OF_THE_INSTALLER =
      List.of(
          "ALL_PROXY",
          "CURL_CA_BUNDLE",
          "GIT_SSL_CAINFO",
          "HOME",
          "HTTPS_PROXY",
          "HTTP_PROXY",
          "NETRC",
          "NO_PROXY",
          "PIP_CACHE_DIR",
          "PIP_CERT",
          "PIP_CLIENT_CERT",
          "PIP_CONFIG_FILE",
          "PIP_DEFAULT_TIMEOUT",
          "PIP_EXTRA_INDEX_URL",
          "PIP_FIND_LINKS",
          "PIP_INDEX_URL",
          "PIP_NO_INDEX",
          "PIP_PROXY",
          "PIP_TRUSTED_HOST",
          "REQUESTS_CA_BUNDLE",
          "SSL_CERT_DIR",
          "SSL_CERT_FILE",
          "XDG_CACHE_HOME",
          "XDG_CONFIG_HOME",
          "all_proxy",
          "http_proxy",
          "https_proxy",
          "no_proxy");

  private final Path python;
  private final Path scripts;

  /**
   * A Python for one workspace.
   *
   * @param python the Python executable, usually of a venv
   * @param scripts a folder to put our own modules in
   * @throws IOException when they can't be written
   */
  public PythonHome(Path python, Path scripts) throws IOException {
    this.python = python;
    this.scripts = scripts;
    for (String module : MODULES) {
      Script.extract(PythonHome.class, module, scripts);
    }
  }

  /** The executable. */
  public Path executable() {
    return python;
  }

  /**
   * Puts a script beside the modules.
   *
   * @param beside a class in the script's package
   * @param name the script's file name
   * @throws IOException when it can't be written
   */
  public Path script(Class<?> beside, String name) throws IOException {
    return Script.extract(beside, name, scripts);
  }

  /** The folder where what this Python lacks is installed, to be shared by all who need it. */
  public Path layers() {
    return scripts.resolve("libraries");
  }

  /** The environment that everything begins with: nothing of this machine's own but the path. */
  public Map<String, String> environment(Path directory) {
    Map<String, String> environment = new LinkedHashMap<>();
    environment.put("PATH", path());
    environment.put("HOME", directory.toString());
    environment.put("LANG", "C.UTF-8");
    environment.put("PYTHONUTF8", "1");
    environment.put("PYTHONUNBUFFERED", "1");
    return environment;
  }

  /** What pip needs of this machine's settings, under names that only the installer takes. */
  public Map<String, String> installer() {
    Map<String, String> settings = new LinkedHashMap<>();
    OF_THE_INSTALLER.forEach(name -> {
      String value = System.getenv(name);
      if (value != null) {
        settings.put("LOCAL_WORKSPACE_INSTALLER_" + name, value);
      }
    });
    return settings;
  }

  private String path() {
    Path bin = python.toAbsolutePath().getParent();
    String rest = System.getenv().getOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin");
    return bin == null ? rest : bin + File.pathSeparator + rest;
  }
}
