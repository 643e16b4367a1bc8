package dev.portage.start;

import dev.portage.checkout.Checkout;
import java.nio.charset.StandardCharsets;

/** A {@code promotion.yaml} as a commit contains it. */
final class CommittedFile {

  /** How a file begins that git-lfs has put another's in the place of. */
  private static final String POINTER = "version https://git-lfs.github.com/spec/";

  private static final int ID_DIGITS = 12;

  private final Checkout checkout;
  private final String name;
  private final String fileName;
  private final String commit;

  /**
   * One file of one commit.
   *
   * @param name its name in the checkout's folder
   * @param fileName its name as people typed it
   * @param commit full id
   */
  CommittedFile(Checkout checkout, String name, String fileName, String commit) {
    this.checkout = checkout;
    this.name = name;
    this.fileName = fileName;
    this.commit = commit;
  }

  /** Whether someone changed it in the working copy. */
  boolean isChanged() {
    return checkout.differs(commit, name);
  }

  /**
   * Its bytes, whatever the working copy says.
   *
   * @throws StartException when the commit does not have it
   */
  byte[] bytes() {
    byte[] bytes = checkout.fileAt(commit, name).orElseThrow(this::missing);
    if (new String(bytes, StandardCharsets.UTF_8).startsWith(POINTER)) {
      throw new StartException(
          fileName
              + ":1: commit "
              + shortId()
              + " has only a Git LFS pointer to it; remove its line from .gitattributes and commit the file itself: git add --renormalize "
              + fileName);
    }
    return bytes;
  }

  /**
   * Its bytes, where the working copy says the same.
   *
   * @throws StartException if the commit does not contain it, or someone changed it since
   */
  byte[] unchanged() {
    byte[] bytes = bytes();
    if (isChanged()) {
      throw new StartException(
          fileName
              + " differs from commit "
              + shortId()
              + "; Portage promotes commits: commit the change, or discard it: "
              + checkout.takeBack(shortId(), name));
    }
    return bytes;
  }

  private StartException missing() {
    return new StartException(
        fileName
            + " is not in commit "
            + shortId()
            + checkout
                .spelledOtherwise(commit, name)
                .map(path -> ", which has " + path + ": spell it that way")
                .orElse("; commit it: git add " + fileName + " && git commit"));
  }

  private String shortId() {
    return commit.substring(0, ID_DIGITS);
  }
}
