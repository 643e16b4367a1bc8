package dev.portage.localworkspace.rights;

import dev.portage.localworkspace.protocol.ApiRefusal;
import dev.portage.localworkspace.protocol.Sha256;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The bearer tokens that are valid here. It stores only their SHA-256, so no token can be recovered
 * from it.
 */
public final class TokenBook {
  private final Map<String, Caller> byHash = new ConcurrentHashMap<>();
  private final SecureRandom random = new SecureRandom();

  /** Makes a token good, by its SHA-256 in hex. */
  public void add(String sha256, Caller caller) {
    byHash.put(sha256, caller);
  }

  /**
   * Makes a new token, good until it is closed.
   *
   * @param user the user it speaks for
   */
  public Minted mint(String user, Set<Right> rights) {
    byte[] secret = new byte[24];
    random.nextBytes(secret);
    String value = "lwrun" + HexFormat.of().formatHex(secret);
    String hash = Sha256.of(value);
    byHash.put(hash, new Caller(user, rights));
    return new Minted(value, hash);
  }

  /**
   * The caller behind an {@code Authorization} header.
   *
   * @throws ApiRefusal when there is none or it is not known; the message never quotes it
   */
  public Caller authenticate(@Nullable String authorization) {
    if (authorization == null || !authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
      throw ApiRefusal.unauthenticated(
          "Credential was not sent or was of an unsupported type for this API.");
    }
    Caller caller = byHash.get(Sha256.of(authorization.substring(7).strip()));
    if (caller == null) {
      throw ApiRefusal.unknownToken("Invalid access token.");
    }
    return caller;
  }

  /** A token that ends when it is closed. */
  public final class Minted implements AutoCloseable {
    private final String value;
    private final String hash;

    private Minted(String value, String hash) {
      this.value = value;
      this.hash = hash;
    }

    /** The token itself; use it only in the environment of one process. */
    public String value() {
      return value;
    }

    @Override
    public void close() {
      byHash.remove(hash);
    }
  }
}
