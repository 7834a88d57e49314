package io.switchboard.hub;

import io.switchboard.message.Fields;

/**
 * What else the application wants of a publication.
 *
 * @param fields what goes along, as {@link Fields#TAGS}
 * @param key one with the same key is not published again for some minutes; empty for none. Topics with history only
 * @param version it is not published unless this is higher than that of the one before; 0 for none. Likewise
 * @param versionEpoch versions of different epochs are not compared
 * @param skipHistory it is not kept, and has no position
 */
public record PublishOptions(Fields fields, String key, long version, String versionEpoch, boolean skipHistory) {
    public static final PublishOptions NONE = new PublishOptions(Fields.NONE, "", 0, "", false);
    static final PublishOptions NOT_KEPT = new PublishOptions(Fields.NONE, "", 0, "", true);

    public static PublishOptions with(Fields fields) {
        return new PublishOptions(fields, "", 0, "", false);
    }
}
