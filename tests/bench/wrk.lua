-- Random requests from a list, for wrk. `wrk … -s wrk.lua URL -- FILE` where each line of FILE is a
-- request as it goes over the wire, its parts (method, path, body, If-None-Match) separated by tabs. FDVU_TOKEN is
-- the Bearer token, if any. The end is one line of JSON, which wrk's own figures are too round for.
local requests = {}

function setup(thread)
	thread:set("seed", tostring(thread):byte(-1) + os.time())
end

function init(args)
	local token = os.getenv("FDVU_TOKEN")
	local headers = { ["Content-Type"] = "application/json" }

	if token and token ~= "" then
		headers["Authorization"] = "Bearer " .. token
	end
	math.randomseed(seed)
	for line in io.lines(args[1]) do
		local method, path, body, tag = line:match("^([^\t]*)\t([^\t]*)\t?([^\t]*)\t?(.*)$")

		headers["If-None-Match"] = tag ~= "" and tag or nil
		requests[#requests + 1] = wrk.format(method, path, headers, body ~= "" and body or nil)
	end
end

function request()
	return requests[math.random(#requests)]
end

function done(summary, latency, _)
	local errors = summary.errors

	io.write(string.format(
		'{"requests":%d,"us":%d,"bytes":%d,"p50_ms":%.3f,"p99_ms":%.3f,"errors":%d}\n',
		summary.requests, summary.duration, summary.bytes, latency:percentile(50) / 1000,
		latency:percentile(99) / 1000,
		errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
