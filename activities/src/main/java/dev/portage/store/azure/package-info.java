/** Files in Azure: block blobs, and files of Data Lake Storage Gen2. */
@NullMarked
package dev.portage.store.azure;

import org.jspecify.annotations.NullMarked;
