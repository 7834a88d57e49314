package io.switchboard.protocols.centrifugal;

import io.switchboard.protocol.Backend;
import io.switchboard.protocol.Endpoint;
import io.switchboard.protocol.StreamEndpoint.Form;
import io.switchboard.protocol.Tokens;
import java.util.ArrayList;
import java.util.List;

/**
 * The endpoints of the Centrifugal protocol, under each prefix:
 *
 * <pre>
 *   /connection/websocket         both directions; JSON, or Protobuf by sub-protocol centrifuge-protobuf
 *   /connection/http_stream       lines of an answer that goes on; JSON or Protobuf      } what clients say later
 *   /connection/sse               events of browsers; JSON                               } comes to /emulation
 *   /connection/uni_websocket     the server alone speaks, after a first word
 *   /connection/uni_http_stream
 *   /connection/uni_sse
 * </pre>
 */
public final class CentrifugalProtocol {
    public static final String NAME = "centrifugal";

    private final CentrifugalSettings settings;
    private final Conduct conduct;
    private final Tongues tongues = new Tongues();

    public CentrifugalProtocol(CentrifugalSettings settings, Tokens tokens, Backend backend) {
        this.settings = settings;
        this.conduct = new Conduct(new Parts(settings, tokens, backend));
    }

    public List<Endpoint<?>> endpoints() {
        var uplink = new Emulation(settings.emulation());
        var endpoints = new ArrayList<Endpoint<?>>();
        for (String prefix : settings.prefixes()) {
            endpoints.add(new CentrifugalEndpoint(prefix + "/websocket", false, conduct, tongues));
            endpoints.add(new CentrifugalEndpoint(prefix + "/uni_websocket", true, conduct, tongues));
            for (boolean unidirectional : new boolean[] {false, true}) {
                for (Form form : Form.values()) {
                    String transport = (unidirectional ? "uni_" : "") + (form == Form.LINES ? "http_stream" : "sse");
                    var way = new CentrifugalStream.Way(prefix + "/" + transport, transport, form, unidirectional);
                    endpoints.add(new CentrifugalStream(way, conduct, tongues, uplink));
                }
            }
        }
        return endpoints;
    }
}
