package dev.portage.copy;

import dev.portage.candidate.ModelLocation;
import java.util.List;

/**
 * A copy split into partitions.
 *
 * @param model where the files go: the target's run and folder, or logged model, made by now
 * @param partitions all files of the manifest, each in one of them
 */
public record CopyPlan(ModelLocation model, List<Partition> partitions) {

  public CopyPlan {
    partitions = List.copyOf(partitions);
  }
}
