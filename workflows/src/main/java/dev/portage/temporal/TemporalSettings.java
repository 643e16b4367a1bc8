package dev.portage.temporal;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.envconfig.ClientConfig;
import io.temporal.envconfig.ClientConfigProfile;
import io.temporal.envconfig.ClientConfigTLS;
import io.temporal.envconfig.LoadClientConfigProfileOptions;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Where Temporal is and how to reach it, according to its own variables ({@code TEMPORAL_*}) and
 * profile file. Everything is validated before it is used. Contains keys, so it is never printed.
 *
 * @see <a href="https://docs.temporal.io/develop/environment-configuration">Environment
 *     configuration</a>
 */
public final class TemporalSettings {

  private static final String DEFAULT_NAMESPACE = "default";
  private static final String FILE = "TEMPORAL_CONFIG_FILE";
  private static final String PROFILE = "TEMPORAL_PROFILE";

  private static final String UNREADABLE =
      "Temporal's configuration (TEMPORAL_* variables and the file they name) can't be read: ";

  private final ClientConfigProfile profile;
  private final @Nullable String address;
  private final WorkflowServiceStubsOptions stubs;

  private TemporalSettings(ClientConfigProfile profile, @Nullable String address) {
    this.profile = profile;
    this.address = address;
    this.stubs = stubsOf(profile);
  }

  /** Reads files for the settings. */
  @FunctionalInterface
  public interface FileReader {

    /**
     * The bytes of a file, empty when there is none.
     *
     * @throws IOException when there is one that can't be read
     */
    Optional<byte[]> read(String path) throws IOException;
  }

  /**
   * The settings of a process.
   *
   * @param environment its variables by name
   * @param home the person's home, "" if there is none: it may contain a profile file
   * @param system the operating system's name, which decides where
   * @throws WrongSettingsException when they can't be used
   */
  public static TemporalSettings of(
      Map<String, String> environment, String home, String system, FileReader files) {
    String named = environment.getOrDefault(FILE, "");
    String path = named.isBlank() ? defaultFile(environment, home, system) : named;
    byte[] file = file(path, !named.isBlank(), files);
    Set<String> profiles = profiles(file, path);
    refuseUnknownProfile(environment, profiles, path);
    refuseWrongVariables(environment);
    ClientConfigProfile loaded = load(environment, profiles.isEmpty() ? new byte[0] : file, path);
    String address = loaded.getAddress();
    String where =
        environment.containsKey("TEMPORAL_ADDRESS") ? "TEMPORAL_ADDRESS" : "the address in " + path;
    boolean known = address != null && !address.isBlank();
    String checked = known ? TemporalAddress.checked(address, where) : null;
    return new TemporalSettings(
        ClientConfigProfile.newBuilder(loaded)
            .setAddress(checked)
            .setTls(new TlsFiles(files).read(loaded.getTls()))
            .build(),
        checked);
  }

  /**
   * The settings of a server that needs no key.
   *
   * @param where what contains the address, for messages
   * @throws WrongSettingsException when the address is none
   */
  public static TemporalSettings of(String address, String namespace, String where) {
    String checked = TemporalAddress.checked(address, where);
    return new TemporalSettings(
        ClientConfigProfile.newBuilder().setAddress(checked).setNamespace(namespace).build(),
        checked);
  }

  /** Host and port; empty when nothing names them. */
  public Optional<String> address() {
    return Optional.ofNullable(address);
  }

  /** The namespace. */
  public String namespace() {
    String namespace = profile.getNamespace();
    return namespace == null || namespace.isBlank() ? DEFAULT_NAMESPACE : namespace;
  }

  /** Options for the server's calls. */
  public WorkflowServiceStubsOptions.Builder stubs() {
    return WorkflowServiceStubsOptions.newBuilder(stubs);
  }

  /** Options for a client, with the namespace. */
  public WorkflowClientOptions.Builder client() {
    return WorkflowClientOptions.newBuilder(profile.toWorkflowClientOptions())
        .setNamespace(namespace());
  }

  private static String defaultFile(Map<String, String> environment, String home, String system) {
    String end = "temporalio/temporal.toml";
    if (system.startsWith("Windows")) {
      String data = environment.getOrDefault("APPDATA", "");
      return data.isBlank() ? "" : data + "/" + end;
    }
    if (home.isBlank()) {
      return "";
    }
    return home + (system.startsWith("Mac") ? "/Library/Application Support/" : "/.config/") + end;
  }

  private static byte[] file(String path, boolean named, FileReader files) {
    if (path.isEmpty()) {
      return new byte[0];
    }
    try {
      Optional<byte[]> read = files.read(path);
      if (named && read.isEmpty()) {
        throw new WrongSettingsException(
            UNREADABLE
                + FILE
                + " names "
                + path
                + ", which does not exist; point it to Temporal's TOML profiles, or unset it");
      }
      return read.orElse(new byte[0]);
    } catch (IOException e) {
      throw new WrongSettingsException(
          UNREADABLE + path + " (" + e.getClass().getSimpleName() + ")");
    }
  }

  private static void refuseUnknownProfile(
      Map<String, String> environment, Set<String> known, String path) {
    String named = environment.getOrDefault(PROFILE, "");
    if (!named.isEmpty() && !known.contains(named)) {
      throw new WrongSettingsException(
          PROFILE
              + " names \""
              + named
              + "\"; "
              + (known.isEmpty()
                  ? "there are no profiles"
                      + (path.isEmpty() ? "" : " in " + path)
                      + ", so unset it"
                  : path + " has: " + String.join(", ", known)));
    }
  }

  /** Names of the file's profiles, in order. */
  private static Set<String> profiles(byte[] file, String path) {
    try {
      return file.length == 0
          ? Set.of()
          : new TreeSet<>(ClientConfig.fromToml(file).getProfiles().keySet());
    } catch (JsonProcessingException e) {
      // Its own message may quote the line, and so the key in it.
      throw new WrongSettingsException(
          UNREADABLE
              + path
              + (e.getLocation() == null ? "" : ":" + e.getLocation().getLineNr())
              + " is not valid TOML; it should look like [profile.default] followed by address = \"127.0.0.1:7233\"");
    } catch (NullPointerException _) {
      // The library's answer to a file without a profile, as one of comments alone.
      return Set.of();
    } catch (IOException | RuntimeException e) {
      throw unusable(path);
    }
  }

  private static void refuseWrongVariables(Map<String, String> environment) {
    environment.forEach((name, value) -> {
      boolean header = name.equals("TEMPORAL_API_KEY") || name.startsWith("TEMPORAL_GRPC_META_");
      if (header && value.chars().anyMatch(c -> c < ' ' || c > '~')) {
        throw new WrongSettingsException(
            name + " contains a character that can't be sent, such as a line break; remove it");
      }
      boolean yesOrNo =
          name.equals("TEMPORAL_TLS") || name.equals("TEMPORAL_TLS_DISABLE_HOST_VERIFICATION");
      if (yesOrNo && !value.matches("(?i)true|false|")) {
        throw new WrongSettingsException(name + " must be true or false");
      }
    });
  }

  private static ClientConfigProfile load(
      Map<String, String> environment, byte[] file, String path) {
    LoadClientConfigProfileOptions.Builder options =
        LoadClientConfigProfileOptions.newBuilder().setEnvOverrides(environment);
    try {
      return ClientConfigProfile.load(
          (file.length == 0 ? options.setDisableFile(true) : options.setConfigFileData(file))
              .build());
    } catch (IOException | RuntimeException e) {
      throw unusable(path);
    }
  }

  private static WorkflowServiceStubsOptions stubsOf(ClientConfigProfile profile) {
    try {
      return profile.toWorkflowServiceStubsOptions();
    } catch (RuntimeException e) {
      ClientConfigTLS tls = profile.getTls();
      throw tls == null
          ? unusable("")
          : new WrongSettingsException(
              "the certificates from TEMPORAL_TLS_* or the profile can't be used: they must be PEM, the key unencrypted PKCS#8, and certificate and key must match");
    }
  }

  /** Without a library's message, which may quote a value. */
  private static WrongSettingsException unusable(String path) {
    return new WrongSettingsException(
        UNREADABLE + "a TEMPORAL_* variable" + (path.isEmpty() ? "" : ", or " + path));
  }
}
