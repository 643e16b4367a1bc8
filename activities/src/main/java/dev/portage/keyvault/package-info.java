/** Secrets of Azure Key Vault. */
@NullMarked
package dev.portage.keyvault;

import org.jspecify.annotations.NullMarked;
