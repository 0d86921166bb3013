using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Wharf.Gateway.Authentication;
using Wharf.Gateway.Hosting;
using Wharf.Gateway.Sessions;
using Wharf.Gateway.Telemetry;
using Wharf.Tables;

namespace Wharf.Gateway.Streams;

/// <summary>The services that all message streams share.</summary>
internal sealed record StreamDependencies(
    IGrainFactory Grains,
    ObjectConnector Connector,
    SessionOperations Work,
    Permissions Permissions,
    IOptions<GatewayOptions> Options,
    GatewayInstruments Instruments,
    PullDelay Delay,
    MemoryAccountant Memory,
    TimeProvider Time,
    ILogger<ObjectStreamPump> Logger);
