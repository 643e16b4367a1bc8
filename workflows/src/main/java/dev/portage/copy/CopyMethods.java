package dev.portage.copy;

import org.jspecify.annotations.Nullable;

/**
 * The methods by which a copy was made, as its last attempt found the two stores.
 *
 * @param source how the source was read
 * @param target how the target was written
 * @param readBack how the target was read back, null where it was not
 * @param verify how the target was held against the manifest
 * @param partitions activities that the copy was cut into; 1 when it was not
 */
public record CopyMethods(
    ReadCapabilities source,
    WriteCapabilities target,
    @Nullable ReadCapabilities readBack,
    Verify verify,
    int partitions) {

  /** The same ways, for a copy in so many partitions. */
  public CopyMethods inPartitions(int number) {
    return new CopyMethods(source, target, readBack, verify, number);
  }

  /** All of it in one line. */
  public String shown() {
    return "read "
        + source.shown()
        + "; sent "
        + target.shown()
        + "; "
        + switch (verify) {
          case FULL -> readBack == null ? "everything was there" : "read back " + readBack.shown();
          case SIZES -> "sizes compared";
        }
        + (partitions == 1 ? "" : "; in " + partitions + " partitions");
  }
}
