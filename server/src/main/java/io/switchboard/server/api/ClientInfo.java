package io.switchboard.server.api;

import io.switchboard.message.Message;
import io.switchboard.message.Sender;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the API tells of a client. */
final class ClientInfo {
    private ClientInfo() {}

    static Consumer<JsonOut> of(Sender who, @Nullable Message info, @Nullable Message channelInfo) {
        return out -> {
            out.put("user", who.user()).put("client", who.session());
            if (info != null) {
                out.put("conn_info", info);
            }
            if (channelInfo != null) {
                out.put("chan_info", channelInfo);
            }
        };
    }
}
