package dev.portage.localworkspace.blobs;

/** A store that can vend credentials for everything in a directory. */
public interface Vends {
  /** Credentials that are good for as long as a signed URL. */
  Vended vend(String directory, Access access);

  /** The directory's address in the cloud, as {@code abfss://…} or {@code s3://…}. */
  String location(String directory);
}
