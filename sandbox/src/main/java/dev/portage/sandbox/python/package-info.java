/**
 * The Python of the sandbox's MLflow servers and notebooks. Needs nothing but the JDK, since the
 * build also runs it straight from its sources.
 */
package dev.portage.sandbox.python;
