using Microsoft.Extensions.Configuration;

namespace Wharf.Grains.Objects;

/// <summary>The services of a node for the contexts of its plugin objects.</summary>
internal interface IContextServices
{
    /// <summary>The configuration of the server.</summary>
    IConfiguration Configuration { get; }

    /// <summary>The services of the server, for object types without a plugin.</summary>
    IServiceProvider Services { get; }

    /// <summary>The clock.</summary>
    TimeProvider Time { get; }

    /// <summary>The maximum time of a wait for another object.</summary>
    TimeSpan ReplyTimeLimit { get; }
}
