package dev.portage.localworkspace.jobs;

import java.util.List;
import java.util.Map;

/**
 * What a task does. Its paths are relative to the root of the repository, or full paths of the
 * workspace.
 */
public sealed interface Work {

  /** Whether its code is stored in the workspace and not in a repository. */
  boolean isOfWorkspace();

  /**
   * A notebook.
   *
   * @param path without {@code .py}
   * @param parameters what its widgets hold
   */
  record Notebook(String path, Map<String, String> parameters, boolean isOfWorkspace)
      implements Work {
    /** Keeps its own copy. */
    public Notebook {
      parameters = Map.copyOf(parameters);
    }
  }

  /**
   * A Python file.
   *
   * @param file with {@code .py}
   * @param arguments its command line
   */
  record PythonFile(String file, List<String> arguments, boolean isOfWorkspace) implements Work {
    /** Keeps its own copy. */
    public PythonFile {
      arguments = List.copyOf(arguments);
    }
  }

  /**
   * An entry point of an installed package.
   *
   * @param pack name of the package
   * @param entryPoint one of those in its metadata, or a function of the module of its name
   * @param arguments its command line
   */
  record Wheel(String pack, String entryPoint, List<String> arguments) implements Work {
    /** Keeps its own copy. */
    public Wheel {
      arguments = List.copyOf(arguments);
    }

    @Override
    public boolean isOfWorkspace() {
      return false;
    }
  }
}
