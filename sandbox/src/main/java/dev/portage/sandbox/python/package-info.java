/**
 * The Python environment of the sandbox's MLflow servers and notebooks. Needs only the JDK, since
 * the build also runs it directly from source.
 */
package dev.portage.sandbox.python;
