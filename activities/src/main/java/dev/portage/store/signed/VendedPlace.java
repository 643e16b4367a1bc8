package dev.portage.store.signed;

import dev.portage.http.Attempt;
import java.util.List;

/**
 * A folder in a cloud's storage, accessed with vended credentials. One implementation for each kind
 * of storage.
 */
public interface VendedPlace {

  /** The storage, in words for people. */
  String storage();

  /** The folder's path in it, without a slash at the end. */
  String folder();

  /** Leave to read, by a file's path below the folder. */
  Grants reads();

  /** How it takes files. */
  SignedWrites writes();

  /**
   * Some of the direct contents of a folder, nothing if there is no such folder.
   *
   * @param path of the folder in the storage, with a slash at its end
   * @param token where the page before ended, empty for the first
   * @throws io.temporal.failure.ApplicationFailure when the storage refuses or does not answer
   */
  Page page(Attempt attempt, String path, String token);

  /** Leave to delete, by a file's path below the folder. */
  Grants deletes();

  /**
   * A page of a listing.
   *
   * @param next where the next begins, empty for the last
   */
  record Page(List<Entry> entries, String next) {
    public static final Page NONE = new Page(List.of(), "");
  }

  /**
   * A file or a folder.
   *
   * @param path in the storage, without a slash at its end
   * @param size in bytes, as the storage words it
   */
  record Entry(String path, boolean isFolder, String size) {}
}
