package dev.portage.localworkspace.blobs;

/** Cloud credentials for a directory, as Unity Catalog vends them. */
public sealed interface Vended {
  /** The query of a shared access signature. */
  record Sas(String token) implements Vended {
    /** For messages: never the signature. */
    @Override
    public String toString() {
      return "Sas";
    }
  }

  /** Temporary keys of AWS. */
  record Keys(String accessKeyId, String secretAccessKey, String sessionToken) implements Vended {
    /** For messages: never the keys. */
    @Override
    public String toString() {
      return "Keys";
    }
  }
}
