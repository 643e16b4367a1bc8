package dev.portage.login;

import dev.portage.http.Credential;
import dev.portage.http.OutboundHttp;
import dev.portage.secrets.Secrets;
import java.net.URI;
import java.time.InstantSource;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import okhttp3.OkHttpClient;

/**
 * Makes credentials of logins, and keeps them: whoever uses the same login shares its token, which
 * is renewed once for all.
 */
public final class Credentials {

  /** Azure Databricks, as Entra knows it; the same in all clouds. */
  private static final String DATABRICKS = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default";

  private final Secrets secrets;
  private final OutboundHttp http;
  private final IdTokens idTokens;
  private final AzureHttp azure;
  private final InstantSource clock;
  private final ConcurrentMap<Key, Credential> known = new ConcurrentHashMap<>();

  /**
   * A login for somebody.
   *
   * @param audience host of the workspace, or the scope that Entra knows a service by
   */
  private record Key(LoginSettings login, String audience) {}

  /** Credentials whose secrets are read here, and whose tokens are requested this way. */
  public Credentials(Secrets secrets, OutboundHttp http) {
    this(secrets, http, http.rest(), InstantSource.system());
  }

  /**
   * As {@link #Credentials(Secrets, OutboundHttp)}.
   *
   * @param azure the client by which Entra and Azure's metadata service are reached
   * @param clock by which tokens expire
   */
  Credentials(Secrets secrets, OutboundHttp http, OkHttpClient azure, InstantSource clock) {
    this.secrets = secrets;
    this.http = http;
    this.idTokens = new IdTokens(secrets, http);
    this.azure = new AzureHttp(azure);
    this.clock = clock;
  }

  /**
   * The credential for a workspace. Nothing is read or called yet.
   *
   * @param host address of the workspace
   */
  public Credential of(LoginSettings login, URI host) {
    return switch (login) {
      case LoginSettings.Stored stored ->
          known.computeIfAbsent(new Key(login, ""), _ -> new StoredLogin(stored, secrets));
      case LoginSettings.OfDatabricks databricks ->
          known.computeIfAbsent(
              new Key(login, host.toString()),
              _ ->
                  new RenewedToken(
                      login.text(),
                      new DatabricksTokens(databricks, host, secrets, idTokens, http, clock),
                      clock));
      case LoginSettings.OfEntra entra -> of(entra, DATABRICKS);
    };
  }

  /**
   * The credential for a service that takes tokens of Entra.
   *
   * @param scope such as {@code https://vault.azure.net/.default}
   */
  public Credential of(LoginSettings.OfEntra login, String scope) {
    return known.computeIfAbsent(
        new Key(login, scope),
        _ ->
            new RenewedToken(
                login.text(), new EntraTokens(login, scope, secrets, idTokens, azure), clock));
  }
}
