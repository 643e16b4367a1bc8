package dev.portage.localworkspace.files;

import dev.portage.localworkspace.rights.Caller;
import java.util.List;

/** One kind of place that holds files, such as volumes. */
public interface FilePlaces {
  /** How its paths begin, such as {@code Volumes}. */
  String name();

  /**
   * Finds the place of a path.
   *
   * @param parts of the path, the name of the kind first; none of them is empty or leads upwards
   * @throws dev.portage.localworkspace.protocol.ApiRefusal when there is no such place
   */
  FilePath find(List<String> parts);

  /**
   * Refuses who may not read, or not write, there.
   *
   * @throws dev.portage.localworkspace.protocol.ApiRefusal PERMISSION_DENIED, with the reason
   */
  void judge(FilePath path, Caller caller, boolean writes);
}
