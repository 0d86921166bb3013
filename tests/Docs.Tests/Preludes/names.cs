using Microsoft.Extensions.Logging;
using Wharf.Plugins;

IObjectContext context = null!;
CancellationToken cancellationToken = default;
// snippet
