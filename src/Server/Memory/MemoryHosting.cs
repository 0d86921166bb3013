using Microsoft.Extensions.Options;
using Wharf.Tables;

namespace Wharf.Server.Memory;

/// <summary>Adds the accounting of the memory of sessions.</summary>
internal static class MemoryHosting
{
    /// <summary>Adds the accountant of the node.</summary>
    public static void AddMemory(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<MemoryOptions>().BindConfiguration(MemoryOptions.Section).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<MemoryOptions>, MemoryOptionsValidator>();
        builder.Services.AddSingleton(static services => new MemoryAccountant(
            services.GetRequiredService<IOptions<MemoryOptions>>().Value.ToLimits(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes),
            services.GetRequiredService<TimeProvider>()));
        builder.Services.AddHostedService<MemoryInstruments>();
    }
}
