namespace Wharf.Server.Stop;

/// <summary>Adds the orderly stop to the server.</summary>
internal static class OrderlyStopHosting
{
    /// <summary>SIGTERM and Ctrl+C end the server in the order of <see cref="OrderlyStop"/>.</summary>
    public static void AddOrderlyStop(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = OrderlyStopTimes.All);
        builder.Services.AddHostedService<OrderlyStop>();
    }
}
