using Wharf.Plugins;
using Wharf.Rpc;

// snippet
